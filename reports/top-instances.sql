-- Which instances have most traffic?
-- group: traffic
-- needs: instance-id packets bytes
-- better with: flow-direction, to tell sent from received
-- read: Traffic of all interfaces of an instance; traffic between two instances is part of both
--   rows. Interfaces of AWS services (NAT gateways, load balancers) have no instance and are left
--   out.
SELECT instance_id, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'egress') AS sent_bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'ingress') AS received_bytes
FROM flows
WHERE instance_id IS NOT NULL AND packets IS NOT NULL
GROUP BY instance_id
ORDER BY bytes DESC, instance_id;
