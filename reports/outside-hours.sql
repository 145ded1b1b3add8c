-- What was accepted outside working hours?
-- group: security
-- needs: srcaddr dstaddr bytes start end action
-- parameter: from number = 8; the hour at which work begins
-- parameter: until number = 18; the hour at which it ends
-- read: Saturdays, Sundays and the hours before and after work, in the time zone of --tz. Machines
--   work at night too: what is new here (first-seen) says more than what is large.
SELECT srcaddr, dstaddr, count(*) AS flows, sum(bytes) AS bytes, min(start_time) AS first_seen,
  max(end_time) AS last_seen
FROM flows
WHERE action = 'ACCEPT' AND (isodow(start_time) > 5 OR hour(start_time) < getvariable('from')
  OR hour(start_time) >= getvariable('until'))
GROUP BY srcaddr, dstaddr
ORDER BY bytes DESC, srcaddr, dstaddr;
