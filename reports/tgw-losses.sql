-- Which packets did a Transit Gateway lose?
-- group: health
-- needs: tgw-attachment-id srcaddr dstaddr packets packets-lost-no-route packets-lost-blackhole
--   packets-lost-mtu-exceeded packets-lost-ttl-expired
-- better with: tgw-pair-attachment-id, to see where they were going
-- read: no_route: the route table has no entry. blackhole: its entry leads nowhere. mtu_exceeded:
--   more than 8,500 bytes. ttl_expired: often a loop. packets counts what was logged in the same
--   records.
SELECT srcaddr, dstaddr, sum(packets_lost_no_route) AS no_route,
  sum(packets_lost_blackhole) AS blackhole, sum(packets_lost_mtu_exceeded) AS mtu_exceeded,
  sum(packets_lost_ttl_expired) AS ttl_expired, sum(packets) AS packets, count(*) AS flows,
  tgw_attachment_id, tgw_pair_attachment_id
FROM flows
WHERE packets_lost_no_route > 0 OR packets_lost_blackhole > 0 OR packets_lost_mtu_exceeded > 0
  OR packets_lost_ttl_expired > 0
GROUP BY srcaddr, dstaddr, tgw_attachment_id, tgw_pair_attachment_id
ORDER BY coalesce(no_route, 0) + coalesce(blackhole, 0) + coalesce(mtu_exceeded, 0)
  + coalesce(ttl_expired, 0) DESC, srcaddr, dstaddr, tgw_attachment_id, tgw_pair_attachment_id;
