-- Which ECS services have most traffic?
-- group: traffic
-- needs: ecs-cluster-name ecs-service-name packets bytes action
-- better with: ecs-task-id flow-direction, to count tasks and to tell sent from received
-- read: Only tasks in network mode awsvpc: AWS logs no others. A task that no service started has
--   no service name. Traffic between two services is part of both rows.
SELECT ecs_cluster_name AS cluster, ecs_service_name AS service,
  count(DISTINCT ecs_task_id) AS tasks, count(*) AS flows,
  count(*) FILTER (WHERE action = 'REJECT') AS rejected, sum(packets) AS packets,
  sum(bytes) AS bytes, sum(bytes) FILTER (WHERE flow_direction = 'egress') AS sent_bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'ingress') AS received_bytes
FROM flows
WHERE ecs_cluster_name IS NOT NULL AND packets IS NOT NULL
GROUP BY cluster, service
ORDER BY bytes DESC, cluster, service;
