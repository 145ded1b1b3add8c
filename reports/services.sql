-- Which services are used most?
-- group: traffic
-- needs: srcport dstport protocol packets bytes
-- read: Requests and replies of a port are counted together. The lower of the two ports is taken to
--   be the service's, since a log does not say. The name is IANA's for that port, whatever really
--   uses it.
SELECT least(srcport, dstport) AS port, protocol_name(protocol) AS protocol,
  port_name(least(srcport, dstport), protocol) AS service, count(*) AS flows,
  sum(packets) AS packets, sum(bytes) AS bytes
FROM flows
WHERE flows.protocol IN (6, 17)
GROUP BY ALL
ORDER BY bytes DESC, port, protocol;
