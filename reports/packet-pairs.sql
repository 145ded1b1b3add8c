-- Who sends most to whom, by the packets' own addresses?
-- group: traffic
-- needs: pkt-srcaddr pkt-dstaddr packets bytes
-- read: Like top-pairs, but with the addresses in the packet: an instance and the server behind a
--   NAT gateway, not the gateway between them. Each leg through the gateway counts.
SELECT pkt_srcaddr, pkt_dstaddr, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE pkt_srcaddr IS NOT NULL
GROUP BY pkt_srcaddr, pkt_dstaddr
ORDER BY bytes DESC, pkt_srcaddr, pkt_dstaddr;
