-- Which hosts use the NAT gateways, and what does it cost?
-- group: cost
-- needs: srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes action flow-direction
-- better with: interface-type resource-id, to know NAT gateways for certain, regional ones too
-- prices: nat-gateway-processing
-- parameter: region text = us-east-1; Region of the price
-- read: What private addresses sent and received through NAT gateways, counted once, at the
--   gateway. A gateway charges for both directions; its hourly price and the transfer to the
--   internet are not included. Without interface-type, a Transit Gateway attachment on the way to
--   the internet looks the same.
WITH legs AS (
  SELECT pkt_srcaddr, pkt_dstaddr, bytes, flow_direction = 'ingress' AS is_upload
  FROM flows
  WHERE action = 'ACCEPT'
    AND (interface_type IS NULL OR interface_type IN ('nat_gateway', 'regional_nat_gateway'))
    AND CASE flow_direction
      WHEN 'ingress' THEN is_private(pkt_srcaddr) AND is_public(pkt_dstaddr)
        AND (dstaddr <> pkt_dstaddr OR resource_id IS NOT NULL)
      WHEN 'egress' THEN is_private(pkt_dstaddr) AND is_public(pkt_srcaddr)
        AND (srcaddr <> pkt_srcaddr OR resource_id IS NOT NULL)
      END)
SELECT CASE WHEN is_upload THEN pkt_srcaddr ELSE pkt_dstaddr END AS host, count(*) AS flows,
  sum(bytes) FILTER (WHERE is_upload) AS sent_bytes,
  sum(bytes) FILTER (WHERE NOT is_upload) AS received_bytes,
  sum(bytes) / getvariable('price_bytes') * getvariable('usd_per_gb') AS cost_usd,
  getvariable('usd_per_gb') AS usd_per_gb, getvariable('price_date') AS price_date
FROM legs
GROUP BY host
ORDER BY sum(bytes) DESC, host;
