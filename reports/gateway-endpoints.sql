-- Which S3 and DynamoDB traffic would a gateway endpoint carry for free?
-- group: cost
-- needs: interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes action pkt-src-aws-service
--   pkt-dst-aws-service flow-direction traffic-path
-- better with: interface-type, to know NAT gateways for certain
-- prices: nat-gateway-processing
-- parameter: region text = us-east-1; Region of the price
-- read: Counted at the hosts, both ways. Path 1 leads to another resource of the VPC, most likely a
--   NAT gateway. cost_usd is its charge for these bytes, while a gateway endpoint costs nothing.
--   Path 8 is an internet gateway; path 2 is an internet gateway or an endpoint. There is nothing
--   to save on these two, but with an endpoint the traffic would stay inside AWS. A missing path
--   was never seen on the way out. Buckets in other Regions still need the NAT gateway.
WITH nat AS (
  SELECT DISTINCT interface_id
  FROM flows
  WHERE interface_id IS NOT NULL AND (interface_type = 'nat_gateway' OR (interface_type IS NULL
    AND flow_direction = 'ingress' AND dstaddr <> pkt_dstaddr AND is_private(srcaddr)
    AND is_public(pkt_dstaddr)))),
sides AS (
  SELECT interface_id, flow_direction = 'egress' AS is_sent, traffic_path, bytes,
    CASE flow_direction WHEN 'egress' THEN srcaddr ELSE dstaddr END AS host,
    CASE flow_direction WHEN 'egress' THEN pkt_dstaddr ELSE pkt_srcaddr END AS server,
    CASE flow_direction WHEN 'egress' THEN pkt_dst_aws_service ELSE pkt_src_aws_service END
      AS service
  FROM flows ANTI JOIN nat USING (interface_id)
  WHERE interface_id IS NOT NULL AND action = 'ACCEPT'),
paths AS (
  SELECT interface_id, server, max(traffic_path) AS path
  FROM sides
  WHERE service IN ('S3', 'DYNAMODB')
  GROUP BY interface_id, server)
SELECT host, interface_id, service, path, count(*) AS flows,
  sum(bytes) FILTER (WHERE is_sent) AS sent_bytes,
  sum(bytes) FILTER (WHERE NOT is_sent) AS received_bytes,
  CASE path WHEN 1 THEN
    sum(bytes) / getvariable('price_bytes') * getvariable('usd_per_gb') END AS cost_usd,
  getvariable('usd_per_gb') AS usd_per_gb, getvariable('price_date') AS price_date
FROM sides JOIN paths USING (interface_id, server)
WHERE service IN ('S3', 'DYNAMODB') AND (path IS NULL OR path IN (1, 2, 8))
GROUP BY host, interface_id, service, path
ORDER BY sum(bytes) DESC, host, interface_id, service, path;
