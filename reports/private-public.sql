-- How much stays private, and how much is with the internet?
-- group: traffic
-- needs: srcaddr dstaddr packets bytes action
-- read: Private means RFC 1918, 100.64.0.0/10, 198.18.0.0/15, unique local, link-local and
--   loopback. Public means all other unicast, AWS services included. Multicast, broadcast and
--   unspecified addresses are other. Private traffic is often logged at both ends and then counts
--   twice.
SELECT CASE WHEN is_private(srcaddr) THEN 'private' WHEN is_public(srcaddr) THEN 'public' ELSE 'other' END AS source,
  CASE WHEN is_private(dstaddr) THEN 'private' WHEN is_public(dstaddr) THEN 'public' ELSE 'other' END AS destination,
  count(*) AS flows, count(*) FILTER (WHERE action = 'REJECT') AS rejected,
  sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY source, destination
ORDER BY source, destination;
