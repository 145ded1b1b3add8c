-- Which path does traffic to AWS services take?
-- group: cost
-- needs: packets bytes pkt-dst-aws-service flow-direction traffic-path
-- read: What was sent to public addresses of AWS, by the path it took. Traffic through a NAT
--   gateway is logged twice: at the instance (path: another resource of the VPC) and at the gateway
--   (path: an internet gateway). Replies have no path; for S3 and DynamoDB, gateway-endpoints
--   counts them.
SELECT pkt_dst_aws_service AS service, traffic_path AS path,
  traffic_path_text(traffic_path) AS through, count(*) AS flows, sum(packets) AS packets,
  sum(bytes) AS sent_bytes
FROM flows
WHERE flow_direction = 'egress' AND pkt_dst_aws_service IS NOT NULL
GROUP BY ALL
ORDER BY sent_bytes DESC, service, path;
