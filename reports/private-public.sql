-- How much stays private, and how much is with the internet?
-- group: traffic
-- needs: srcaddr dstaddr packets bytes action
-- read: Private means RFC 1918, RFC 4193 and link-local; public addresses of AWS services count as
--   public. Private traffic is often logged at both ends and then counts twice.
SELECT CASE WHEN is_private(srcaddr) THEN 'private' ELSE 'public' END AS source,
  CASE WHEN is_private(dstaddr) THEN 'private' ELSE 'public' END AS destination,
  count(*) AS flows, count(*) FILTER (WHERE action = 'REJECT') AS rejected,
  sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY source, destination
ORDER BY source, destination;
