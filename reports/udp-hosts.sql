-- Which hosts use UDP?
-- group: traffic
-- needs: srcaddr dstaddr dstport protocol packets bytes
-- read: One row per sender. DNS to Amazon's own resolver is not in flow logs.
SELECT srcaddr, count(DISTINCT dstaddr) AS destinations, count(DISTINCT dstport) AS ports,
  count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE protocol = 17
GROUP BY srcaddr
ORDER BY bytes DESC, srcaddr;
