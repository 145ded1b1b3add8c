-- How much is IPv4, and how much IPv6?
-- group: traffic
-- needs: srcaddr packets bytes
-- better with: type, to tell EFA traffic apart
-- read: A packet that passes two logged interfaces counts at both, whatever its version.
SELECT coalesce("type", CASE WHEN contains(srcaddr, ':') THEN 'IPv6' ELSE 'IPv4' END)
  AS ip_version, count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY ip_version
ORDER BY ip_version;
