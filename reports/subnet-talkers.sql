-- With whom does a network talk?
-- group: traffic
-- needs: srcaddr dstaddr packets bytes
-- parameter: prefix prefix e.g. 10.0.1.0/24; the network to look at
-- read: Pairs with at least one end in the network, one row per direction. If both ends are logged,
--   bytes count twice.
SELECT srcaddr, dstaddr, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE cidr_contains(getvariable('prefix'), srcaddr) OR cidr_contains(getvariable('prefix'), dstaddr)
GROUP BY srcaddr, dstaddr
ORDER BY bytes DESC, srcaddr, dstaddr;
