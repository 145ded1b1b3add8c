-- Who calls out at regular intervals?
-- group: security
-- needs: srcaddr dstaddr srcport dstport protocol bytes start action
-- parameter: contacts number = 10; at least this many records with different starts
-- parameter: spread number = 0.2; at most this standard deviation of the intervals over their mean
-- parameter: bytes number = 100000; at most this many bytes per contact on average
-- read: Only traffic from private to public addresses and to the lower port; the rest are replies.
--   spread 0 = perfectly regular. A connection that stays open is recorded once per window and
--   looks the same. Then connections is 1 and the interval is 60 or 600 seconds. Monitors and
--   update checks are regular too.
WITH contacts AS (
  SELECT srcaddr, dstaddr, dstport, protocol, start, min(srcport) AS srcport, sum(bytes) AS bytes
  FROM flows
  WHERE action = 'ACCEPT' AND is_private(srcaddr) AND is_public(dstaddr)
    AND srcport >= dstport
  GROUP BY srcaddr, dstaddr, dstport, protocol, start),
gaps AS (
  SELECT *, start - lag(start) OVER (
    PARTITION BY srcaddr, dstaddr, dstport, protocol ORDER BY start) AS gap
  FROM contacts)
SELECT srcaddr, dstaddr, dstport, protocol_name(protocol) AS protocol, count(*) AS contacts,
  count(DISTINCT srcport) AS connections, round(avg(gap), 1) AS interval_seconds,
  round(stddev_pop(gap) / avg(gap), 3) AS spread, sum(bytes) AS bytes
FROM gaps
GROUP BY srcaddr, dstaddr, dstport, gaps.protocol
HAVING count(*) >= getvariable('contacts') AND avg(gap) > 0
  AND stddev_pop(gap) / avg(gap) <= getvariable('spread') AND avg(bytes) <= getvariable('bytes')
ORDER BY contacts DESC, srcaddr, dstaddr, dstport, gaps.protocol;
