-- Who scans ports or hosts?
-- group: security
-- needs: srcaddr dstaddr dstport protocol packets start end action
-- better with: tcp-flags, to see probes that were let in and never answered
-- parameter: targets number = 20; different hosts and ports that a source tried, at least
-- read: A probe is a rejected record, or one whose only flag is SYN. Many ports on few hosts look
--   for services, one port on many hosts looks for one service. A scan that is slower than the log
--   is long, or spread over sources, is not seen.
SELECT srcaddr, count(DISTINCT (dstaddr, dstport, protocol)) AS targets,
  count(DISTINCT dstaddr) AS hosts, count(DISTINCT dstport) AS ports, count(*) AS flows,
  count(*) FILTER (WHERE action = 'REJECT') AS rejected, sum(packets) AS packets,
  min(start_time) AS first_seen, max(end_time) AS last_seen
FROM flows
WHERE protocol IN (6, 17) AND (action = 'REJECT' OR tcp_flags = 2)
GROUP BY srcaddr
HAVING count(DISTINCT (dstaddr, dstport, protocol)) >= getvariable('targets')
ORDER BY targets DESC, srcaddr;
