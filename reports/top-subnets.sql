-- Which subnets have most traffic?
-- group: traffic
-- needs: subnet-id packets bytes
-- better with: flow-direction, to tell sent from received
-- read: Traffic of all interfaces of a subnet. Traffic between two subnets is part of both rows,
--   and traffic inside one subnet counts twice.
SELECT subnet_id, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'egress') AS sent_bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'ingress') AS received_bytes
FROM flows
WHERE subnet_id IS NOT NULL AND packets IS NOT NULL
GROUP BY subnet_id
ORDER BY bytes DESC, subnet_id;
