-- With whom does a network talk?
-- group: traffic
-- needs: srcaddr dstaddr packets bytes
-- parameter: prefix prefix e.g. 10.0.1.0/24; the network that is asked for
-- read: Pairs of which at least one end is in the network, one direction a row. Both ends logged,
--   bytes count twice.
SELECT srcaddr, dstaddr, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE cidr_contains(getvariable('prefix'), srcaddr) OR cidr_contains(getvariable('prefix'), dstaddr)
GROUP BY srcaddr, dstaddr
ORDER BY bytes DESC, srcaddr, dstaddr;
