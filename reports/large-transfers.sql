-- Which transfers are unusually large?
-- group: traffic
-- needs: srcaddr dstaddr bytes start
-- parameter: bytes number = 100000000; at least this many bytes from one address to another in one
--   hour
-- read: One row per hour and pair. usual_bytes is the median over the source's hours and peers;
--   many times that is unusual. Bytes that pass two logged interfaces count twice.
WITH hours AS (
  SELECT date_trunc('hour', start_time) AS hour, srcaddr, dstaddr, count(*) AS flows,
    sum(bytes) AS bytes
  FROM flows
  WHERE bytes IS NOT NULL
  GROUP BY ALL),
usual AS (
  SELECT srcaddr, CAST(median(CAST(bytes AS DOUBLE)) AS HUGEINT) AS usual_bytes
  FROM hours
  GROUP BY srcaddr)
SELECT hour, srcaddr, dstaddr, flows, bytes, usual_bytes
FROM hours JOIN usual USING (srcaddr)
WHERE bytes >= getvariable('bytes')
ORDER BY bytes DESC, hour, srcaddr, dstaddr;
