-- Which hosts accepted SSH or RDP from public addresses?
-- group: security
-- needs: srcaddr dstaddr dstport protocol bytes start end action
-- better with: pkt-srcaddr, to see the client behind a load balancer
-- parameter: ports numbers = 22,3389; ports that the internet should not reach
-- read: Each row is a host that the internet reaches on such a port. Accepted means that the rules
--   let the packets in, not that anyone logged in. A host that nobody tried is not in the log.
SELECT dstaddr, dstport, port_name(dstport, protocol) AS service,
  count(DISTINCT source) AS sources, count(*) AS flows, sum(bytes) AS bytes,
  min(start_time) AS first_seen, max(end_time) AS last_seen
FROM (SELECT *, coalesce(pkt_srcaddr, srcaddr) AS source FROM flows)
WHERE action = 'ACCEPT' AND protocol = 6 AND list_contains(getvariable('ports'), dstport)
  AND is_public(source)
GROUP BY dstaddr, dstport, protocol
ORDER BY sources DESC, flows DESC, dstaddr, dstport;
