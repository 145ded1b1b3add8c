-- Which tags have most traffic?
-- group: traffic
-- needs: packets bytes instance-tag|instance-tag-2|interface-tag|interface-tag-2|asg-tag|asg-tag-2
-- read: Values of the tag keys that the flow log was created with (aws ec2 describe-flow-logs shows
--   them: TagFieldSpecifications). A record with several tags is part of several rows. In the first
--   hour of a flow log the values may be wrong.
SELECT replace(tag, '_', '-') AS tag, value, count(*) AS flows, sum(packets) AS packets,
  sum(bytes) AS bytes
FROM (
  UNPIVOT (
    SELECT packets, bytes, instance_tag, instance_tag_2, interface_tag, interface_tag_2, asg_tag,
      asg_tag_2
    FROM flows
    WHERE packets IS NOT NULL)
  ON instance_tag, instance_tag_2, interface_tag, interface_tag_2, asg_tag, asg_tag_2
  INTO NAME tag VALUE value)
GROUP BY ALL
ORDER BY bytes DESC, tag, value;
