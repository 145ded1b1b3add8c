-- Which TCP connections were accepted?
-- group: traffic
-- needs: srcaddr dstaddr srcport dstport protocol start end action
-- better with: tcp-flags, to leave out replies
-- read: One row per client, server and port. A connection is one port of the client; a port that is
--   used again counts once. With tcp-flags, only records with the SYN of a client are counted.
SELECT srcaddr, dstaddr, dstport, port_name(dstport, protocol) AS service,
  count(DISTINCT srcport) AS connections, min(start_time) AS first_seen,
  max(end_time) AS last_seen
FROM flows
WHERE protocol = 6 AND action = 'ACCEPT' AND (tcp_flags IS NULL OR (tcp_flags & 18) = 2)
GROUP BY srcaddr, dstaddr, dstport, protocol
ORDER BY connections DESC, srcaddr, dstaddr, dstport;
