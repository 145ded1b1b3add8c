-- Who receives most on a port?
-- group: traffic
-- needs: srcaddr dstaddr dstport packets bytes
-- parameter: port number = 443; the port to look at
-- read: Only requests count: replies come from the port. Rows are sorted by packets.
SELECT dstaddr, count(DISTINCT srcaddr) AS sources, count(*) AS flows, sum(packets) AS packets,
  sum(bytes) AS bytes
FROM flows
WHERE dstport = getvariable('port')
GROUP BY dstaddr
ORDER BY packets DESC, dstaddr;
