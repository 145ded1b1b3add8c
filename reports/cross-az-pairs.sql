-- Who talks across Availability Zones, and what does it cost?
-- group: cost
-- needs: srcaddr dstaddr bytes action az-id flow-direction
-- better with: next-hop-az-id, to find the other zone even when its interface is not logged
-- prices: cross-az-transfer
-- parameter: region text = us-east-1; Region of the price
-- read: Each byte is counted once, where it is sent. cost_usd has both parts of the charge: out of
--   one zone and into the other. Without next-hop-az-id, the other zone is that of the interface
--   with the destination's address. A destination that is not logged, or is in two zones, is left
--   out. AWS exempts some traffic (EC2 On-Demand pricing page, data transfer).
WITH places AS (
  SELECT CASE flow_direction WHEN 'egress' THEN srcaddr ELSE dstaddr END AS address,
    min(az_id) AS zone
  FROM flows
  WHERE az_id IS NOT NULL AND srcaddr IS NOT NULL
  GROUP BY address
  HAVING count(DISTINCT az_id) = 1),
crossings AS (
  SELECT az_id AS from_zone, coalesce(next_hop_az_id, zone) AS to_zone, srcaddr, dstaddr, bytes
  FROM flows LEFT JOIN places ON dstaddr = address
  WHERE flow_direction = 'egress' AND action = 'ACCEPT')
SELECT from_zone, to_zone, srcaddr, dstaddr, count(*) AS flows, sum(bytes) AS bytes,
  2 * sum(bytes) / getvariable('price_bytes') * getvariable('usd_per_gb') AS cost_usd,
  getvariable('usd_per_gb') AS usd_per_gb, getvariable('price_date') AS price_date
FROM crossings
WHERE from_zone <> to_zone AND split_part(from_zone, '-', 1) = split_part(to_zone, '-', 1)
GROUP BY from_zone, to_zone, srcaddr, dstaddr
ORDER BY bytes DESC, from_zone, to_zone, srcaddr, dstaddr;
