-- Who sends most?
-- group: traffic
-- needs: srcaddr packets bytes
-- read: What each address sent, as interfaces saw it. A packet that passes two logged interfaces
--   counts at both, and SKIPDATA makes sums lower bounds (see weir report nodata). Behind a NAT
--   gateway or load balancer the address may be theirs; packet-talkers shows the packet's own.
SELECT srcaddr, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY srcaddr
ORDER BY bytes DESC, srcaddr;
