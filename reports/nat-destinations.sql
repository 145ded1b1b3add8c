-- With whom do hosts talk through the NAT gateways?
-- group: cost
-- needs: srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes action flow-direction
-- better with: interface-type resource-id pkt-src-aws-service pkt-dst-aws-service, to know NAT
--   gateways for certain, and which destinations are AWS's
-- prices: nat-gateway-processing
-- parameter: region text = us-east-1; Region of the price
-- read: Uploads to and downloads from public addresses through NAT gateways, counted once, at the
--   gateway. AWS services among them have endpoints that cost less; for S3 and DynamoDB they are
--   free.
WITH legs AS (
  SELECT pkt_srcaddr, pkt_dstaddr, bytes, flow_direction = 'ingress' AS is_upload,
    coalesce(pkt_dst_aws_service, pkt_src_aws_service) AS service
  FROM flows
  WHERE action = 'ACCEPT'
    AND (interface_type IS NULL OR interface_type IN ('nat_gateway', 'regional_nat_gateway'))
    AND CASE flow_direction
      WHEN 'ingress' THEN is_private(pkt_srcaddr) AND is_public(pkt_dstaddr)
        AND (dstaddr <> pkt_dstaddr OR resource_id IS NOT NULL)
      WHEN 'egress' THEN is_private(pkt_dstaddr) AND is_public(pkt_srcaddr)
        AND (srcaddr <> pkt_srcaddr OR resource_id IS NOT NULL)
      END)
SELECT CASE WHEN is_upload THEN pkt_dstaddr ELSE pkt_srcaddr END AS destination,
  max(service) AS service,
  count(DISTINCT CASE WHEN is_upload THEN pkt_srcaddr ELSE pkt_dstaddr END) AS hosts,
  count(*) AS flows, sum(bytes) FILTER (WHERE is_upload) AS sent_bytes,
  sum(bytes) FILTER (WHERE NOT is_upload) AS received_bytes,
  sum(bytes) / getvariable('price_bytes') * getvariable('usd_per_gb') AS cost_usd,
  getvariable('usd_per_gb') AS usd_per_gb, getvariable('price_date') AS price_date
FROM legs
GROUP BY destination
ORDER BY sum(bytes) DESC, destination;
