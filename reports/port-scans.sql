-- Who scans ports or hosts?
-- group: security
-- needs: srcaddr dstaddr dstport protocol packets start end action
-- better with: tcp-flags, to see probes that were let in and never answered
-- parameter: targets number = 20; at least this many different hosts and ports tried by a source
-- read: A probe is a rejected record, or a record whose only flag is SYN. Many ports on few hosts
--   is a search for services; one port on many hosts is a search for one service. Scans that are
--   slower than the log is long, or spread over many sources, are not found.
SELECT srcaddr, count(DISTINCT (dstaddr, dstport, protocol)) AS targets,
  count(DISTINCT dstaddr) AS hosts, count(DISTINCT dstport) AS ports, count(*) AS flows,
  count(*) FILTER (WHERE action = 'REJECT') AS rejected, sum(packets) AS packets,
  min(start_time) AS first_seen, max(end_time) AS last_seen
FROM flows
WHERE protocol IN (6, 17) AND (action = 'REJECT' OR tcp_flags = 2)
GROUP BY srcaddr
HAVING count(DISTINCT (dstaddr, dstport, protocol)) >= getvariable('targets')
ORDER BY targets DESC, srcaddr;
