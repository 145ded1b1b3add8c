-- How does traffic develop from day to day?
-- group: traffic
-- needs: srcaddr packets bytes start action
-- read: Days are those of the time zone of --tz, by the start of each record. The first and last
--   day are often incomplete, because the log begins and ends within them.
SELECT CAST(start_time AS DATE) AS day, count(*) AS flows,
  count(*) FILTER (WHERE action = 'REJECT') AS rejected, count(DISTINCT srcaddr) AS sources,
  sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY day
ORDER BY day;
