-- Who sends most to the internet, and what does it cost?
-- group: cost
-- needs: interface-id srcaddr dstaddr bytes action pkt-dst-aws-service flow-direction traffic-path
-- prices: internet-egress
-- parameter: region text = us-east-1; Region of the price
-- read: What left through an internet gateway, except to AWS's own addresses. cost_usd uses the
--   price of the first tier for every byte. AWS adds up all traffic of an account, gives the first
--   100 GB per month for free and is cheaper beyond 10 TB. A NAT gateway stands for the hosts
--   behind it.
SELECT interface_id, srcaddr, count(DISTINCT dstaddr) AS destinations, count(*) AS flows,
  sum(bytes) AS sent_bytes,
  sum(bytes) / getvariable('price_bytes') * getvariable('usd_per_gb') AS cost_usd,
  getvariable('usd_per_gb') AS usd_per_gb, getvariable('price_date') AS price_date
FROM flows
WHERE flow_direction = 'egress' AND traffic_path IN (2, 8) AND pkt_dst_aws_service IS NULL
  AND action = 'ACCEPT'
GROUP BY interface_id, srcaddr
ORDER BY sent_bytes DESC, interface_id, srcaddr;
