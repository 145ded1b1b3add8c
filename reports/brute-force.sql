-- Who tries to log in again and again?
-- group: security
-- needs: srcaddr dstaddr srcport dstport protocol packets start action
-- parameter: ports numbers = 21,22,23,445,1433,3306,3389,5432,5900; ports of services with
--   passwords
-- parameter: attempts number = 10; connections of a source to a port within an hour, at least
-- read: An attempt is a port of the source, so it is counted once though two interfaces or windows
--   have it. Accepted and many is a guesser that the rules let in; whether a password was right, a
--   flow log does not say. Connection pools and monitors look the same.
SELECT date_trunc('hour', start_time) AS hour, srcaddr, dstaddr, dstport,
  port_name(dstport, protocol) AS service, count(DISTINCT srcport) AS attempts,
  count(*) FILTER (WHERE action = 'ACCEPT') AS accepted,
  count(*) FILTER (WHERE action = 'REJECT') AS rejected, sum(packets) AS packets
FROM flows
WHERE protocol = 6 AND list_contains(getvariable('ports'), dstport)
GROUP BY hour, srcaddr, dstaddr, dstport, protocol
HAVING count(DISTINCT srcport) >= getvariable('attempts')
ORDER BY attempts DESC, hour, srcaddr, dstaddr, dstport;
