-- What was rejected, by source and port?
-- group: security
-- needs: srcaddr dstaddr dstport protocol packets start end action
-- read: A record counts the packets of a window, so flows are not attempts. Packets that arrive
--   after their connection was closed are also logged as rejected: weir why tells the causes apart.
SELECT srcaddr, dstport, protocol_name(protocol) AS protocol,
  port_name(dstport, protocol) AS service, count(DISTINCT dstaddr) AS hosts, count(*) AS flows,
  sum(packets) AS packets, min(start_time) AS first_seen, max(end_time) AS last_seen
FROM flows
WHERE action = 'REJECT'
GROUP BY ALL
ORDER BY flows DESC, srcaddr, dstport, protocol;
