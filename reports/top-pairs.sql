-- Who sends most to whom?
-- group: traffic
-- needs: srcaddr dstaddr packets bytes
-- read: One row per direction of each pair. A packet between two logged interfaces counts at both;
--   weir pairs --dedup puts both directions together and counts it once.
SELECT srcaddr, dstaddr, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY srcaddr, dstaddr
ORDER BY bytes DESC, srcaddr, dstaddr;
