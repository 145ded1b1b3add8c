-- Which accepted connections got no answer?
-- group: health
-- needs: interface-id srcaddr dstaddr srcport dstport protocol action
-- better with: tcp-flags, to know who opened a connection
-- read: TCP that an interface accepted, with no record of the other direction. The host or its
--   service was down, a firewall on the host dropped it, or the answer took another interface. At
--   the edges of a log, answers may merely be cut off. An answer that an ACL stopped is logged: see
--   weir why.
WITH asked AS (
  SELECT DISTINCT interface_id, srcaddr, srcport, dstaddr, dstport
  FROM flows
  WHERE interface_id IS NOT NULL AND protocol = 6 AND action = 'ACCEPT'
    AND (tcp_flags IS NULL OR (tcp_flags & 18) = 2)),
answered AS (
  SELECT DISTINCT interface_id, dstaddr AS srcaddr, dstport AS srcport, srcaddr AS dstaddr,
    srcport AS dstport
  FROM flows
  WHERE protocol = 6)
SELECT dstaddr, dstport, port_name(dstport, 6) AS service, interface_id,
  count(*) AS connections, count(DISTINCT srcaddr) AS sources
FROM asked ANTI JOIN answered USING (interface_id, srcaddr, srcport, dstaddr, dstport)
GROUP BY dstaddr, dstport, interface_id
ORDER BY connections DESC, dstaddr, dstport, interface_id;
