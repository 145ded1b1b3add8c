-- With whom does one address talk?
-- group: traffic
-- needs: srcaddr dstaddr bytes start end action
-- parameter: address address e.g. 10.0.0.5; the address to look at
-- read: One row per peer: what the address sent to it and received from it. If both ends are
--   logged, each byte counts twice. Rejected flows are included in flows.
WITH seen AS (
  SELECT CASE WHEN srcaddr = getvariable('address') THEN dstaddr ELSE srcaddr END AS peer,
    srcaddr = getvariable('address') AS is_sender, bytes, action, start_time, end_time
  FROM flows
  WHERE getvariable('address') IN (srcaddr, dstaddr))
SELECT peer, count(*) AS flows, count(*) FILTER (WHERE action = 'REJECT') AS rejected,
  sum(bytes) FILTER (WHERE is_sender) AS sent_bytes,
  sum(bytes) FILTER (WHERE NOT is_sender) AS received_bytes,
  min(start_time) AS first_seen, max(end_time) AS last_seen
FROM seen
GROUP BY peer
ORDER BY sum(bytes) DESC, peer;
