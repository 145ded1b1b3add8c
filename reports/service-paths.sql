-- Which way traffic to AWS's services takes?
-- group: cost
-- needs: packets bytes pkt-dst-aws-service flow-direction traffic-path
-- read: What was sent to public addresses of AWS, by the way it left. What goes through a NAT
--   gateway is in the log of the instance (another resource of the VPC) and of the gateway (an
--   internet gateway). Replies have no path; for S3 and DynamoDB gateway-endpoints counts them.
SELECT pkt_dst_aws_service AS service, traffic_path AS path,
  traffic_path_text(traffic_path) AS through, count(*) AS flows, sum(packets) AS packets,
  sum(bytes) AS sent_bytes
FROM flows
WHERE flow_direction = 'egress' AND pkt_dst_aws_service IS NOT NULL
GROUP BY ALL
ORDER BY sent_bytes DESC, service, path;
