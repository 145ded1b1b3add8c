-- When was each source first and last seen?
-- group: security
-- needs: srcaddr dstaddr dstport bytes start end
-- read: The newest sources come first. First means first in these logs: read at least a week, and
--   look at the sources of its last day. Replies are among the flows, so a client of a busy server
--   shows many ports.
SELECT srcaddr, min(start_time) AS first_seen, max(end_time) AS last_seen, count(*) AS flows,
  count(DISTINCT dstaddr) AS destinations, count(DISTINCT dstport) AS ports, sum(bytes) AS bytes
FROM flows
WHERE srcaddr IS NOT NULL
GROUP BY srcaddr
ORDER BY first_seen DESC, srcaddr;
