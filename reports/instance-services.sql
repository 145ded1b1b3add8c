-- Which services does one instance use and offer?
-- group: traffic
-- needs: instance-id srcaddr dstaddr srcport dstport protocol bytes flow-direction
-- parameter: instance text e.g. i-0123456789abcdef0; the instance to look at
-- read: What the instance sent and received, by the lower of the two ports, which is taken to be
--   the service's.
SELECT least(srcport, dstport) AS port, protocol_name(protocol) AS protocol,
  port_name(least(srcport, dstport), protocol) AS service,
  count(DISTINCT CASE flow_direction WHEN 'egress' THEN dstaddr ELSE srcaddr END) AS peers,
  count(*) AS flows, sum(bytes) FILTER (WHERE flow_direction = 'egress') AS sent_bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'ingress') AS received_bytes
FROM flows
WHERE instance_id = getvariable('instance') AND srcaddr IS NOT NULL
GROUP BY ALL
ORDER BY sum(bytes) DESC, port, protocol;
