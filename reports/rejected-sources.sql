-- Who was rejected again and again?
-- group: security
-- needs: srcaddr dstaddr dstport packets start end action
-- parameter: attempts number = 5; at least this many rejected flows of a source
-- read: Many ports or hosts mean a scan (see port-scans). A single port is a client whose rule is
--   missing, or replies that a network ACL stops (see weir why).
SELECT srcaddr, count(*) AS flows, count(DISTINCT dstaddr) AS hosts,
  count(DISTINCT dstport) AS ports, sum(packets) AS packets, min(start_time) AS first_seen,
  max(end_time) AS last_seen
FROM flows
WHERE action = 'REJECT'
GROUP BY srcaddr
HAVING count(*) >= getvariable('attempts')
ORDER BY flows DESC, srcaddr;
