-- Which hosts refused connections?
-- group: health
-- needs: interface-id srcaddr dstaddr srcport dstport protocol start end tcp-flags
-- read: The client sent only SYN and the host answered with only RST: no service listens on that
--   port. The rules let both packets through.
WITH refusals AS (
  SELECT interface_id, srcaddr, srcport, dstaddr, dstport, start_time, end_time
  FROM flows
  WHERE protocol = 6 AND tcp_flags = 4),
asked AS (
  SELECT DISTINCT interface_id, dstaddr AS srcaddr, dstport AS srcport, srcaddr AS dstaddr,
    srcport AS dstport
  FROM flows
  WHERE protocol = 6 AND tcp_flags = 2)
SELECT srcaddr AS host, srcport AS port, port_name(srcport, 6) AS service, interface_id,
  count(DISTINCT (dstaddr, dstport)) AS connections, count(DISTINCT dstaddr) AS clients,
  min(start_time) AS first_seen, max(end_time) AS last_seen
FROM refusals SEMI JOIN asked USING (interface_id, srcaddr, srcport, dstaddr, dstport)
GROUP BY srcaddr, srcport, interface_id
ORDER BY connections DESC, host, port, interface_id;
