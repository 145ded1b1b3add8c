-- Who tries to log in again and again?
-- group: security
-- needs: srcaddr dstaddr srcport dstport protocol packets start action
-- parameter: ports numbers = 21,22,23,445,1433,3306,3389,5432,5900; ports of services with
--   passwords
-- parameter: attempts number = 10; at least this many connections of a source to a port in one hour
-- read: An attempt is one source port, so it is counted once even if two interfaces or windows
--   recorded it. Many accepted attempts are someone guessing at a service that the rules let them
--   reach. A flow log does not say whether a password was right. Connection pools and monitors look
--   the same.
SELECT date_trunc('hour', start_time) AS hour, srcaddr, dstaddr, dstport,
  port_name(dstport, protocol) AS service, count(DISTINCT srcport) AS attempts,
  count(*) FILTER (WHERE action = 'ACCEPT') AS accepted,
  count(*) FILTER (WHERE action = 'REJECT') AS rejected, sum(packets) AS packets
FROM flows
WHERE protocol = 6 AND list_contains(getvariable('ports'), dstport)
GROUP BY hour, srcaddr, dstaddr, dstport, protocol
HAVING count(DISTINCT srcport) >= getvariable('attempts')
ORDER BY attempts DESC, hour, srcaddr, dstaddr, dstport;
