-- Who sends most on each day?
-- group: traffic
-- needs: srcaddr packets bytes start
-- parameter: top number = 10; sources per day
-- read: Days are those of the time zone of --tz. A packet that passes two logged interfaces counts
--   at both.
WITH days AS (
  SELECT CAST(start_time AS DATE) AS day, srcaddr, count(*) AS flows, sum(packets) AS packets,
    sum(bytes) AS bytes
  FROM flows
  WHERE srcaddr IS NOT NULL
  GROUP BY ALL),
places AS (
  SELECT *, row_number() OVER (PARTITION BY day ORDER BY bytes DESC NULLS LAST, srcaddr) AS place
  FROM days)
SELECT day, place, srcaddr, flows, packets, bytes
FROM places
WHERE place <= getvariable('top')
ORDER BY day, place;
