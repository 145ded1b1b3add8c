-- Which public addresses got in?
-- group: security
-- needs: srcaddr dstaddr dstport bytes start end action
-- better with: tcp-flags, to tell who opened connections
-- read: Accepted traffic from public to private addresses: visitors, and replies to what hosts
--   asked for. opened counts records with the SYN of a client; a source with none only answered.
SELECT srcaddr, count(*) FILTER (WHERE (tcp_flags & 18) = 2) AS opened,
  count(DISTINCT dstaddr) AS hosts, count(DISTINCT dstport) AS ports, count(*) AS flows,
  sum(bytes) AS bytes, min(start_time) AS first_seen, max(end_time) AS last_seen
FROM flows
WHERE action = 'ACCEPT' AND is_public(srcaddr) AND is_private(dstaddr)
GROUP BY srcaddr
ORDER BY bytes DESC, srcaddr;
