-- What passed between two addresses?
-- group: traffic
-- needs: srcaddr dstaddr srcport dstport protocol packets bytes start end action
-- parameter: address address e.g. 10.0.0.5; one of the two
-- parameter: other address e.g. 10.0.1.7; the other
-- read: One row per direction, port pair and verdict, in order of time.
SELECT srcaddr, srcport, dstaddr, dstport, protocol_name(protocol) AS protocol, action,
  count(*) AS flows, sum(packets) AS packets, sum(bytes) AS bytes, min(start_time) AS first_seen,
  max(end_time) AS last_seen
FROM flows
WHERE (srcaddr = getvariable('address') AND dstaddr = getvariable('other'))
  OR (srcaddr = getvariable('other') AND dstaddr = getvariable('address'))
GROUP BY ALL
ORDER BY first_seen, srcaddr, srcport, dstaddr, dstport, protocol, action;
