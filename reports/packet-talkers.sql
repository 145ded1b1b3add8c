-- Who sends most, by the packet's own address?
-- group: traffic
-- needs: pkt-srcaddr packets bytes
-- read: Like top-talkers, but with the address that the packet was sent from. It is also known
--   behind NAT gateways, Transit Gateways and load balancers that keep it. Each leg through such a
--   gateway counts.
SELECT pkt_srcaddr, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE pkt_srcaddr IS NOT NULL
GROUP BY pkt_srcaddr
ORDER BY bytes DESC, pkt_srcaddr;
