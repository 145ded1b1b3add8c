-- Which services that send clear text were reached?
-- group: security
-- needs: srcaddr dstaddr dstport protocol bytes start end action
-- parameter: ports numbers = 20,21,23,25,69,80,110,143,161,389,512,513,514; ports of such services
-- read: Judged by the port alone: the service may use TLS on it. public_sources counts clients from
--   the internet.
SELECT dstaddr, dstport, protocol_name(protocol) AS protocol,
  port_name(dstport, protocol) AS service, count(DISTINCT srcaddr) AS sources,
  count(DISTINCT srcaddr) FILTER (WHERE is_public(srcaddr)) AS public_sources,
  count(*) AS flows, sum(bytes) AS bytes, min(start_time) AS first_seen,
  max(end_time) AS last_seen
FROM flows
WHERE action = 'ACCEPT' AND flows.protocol IN (6, 17)
  AND list_contains(getvariable('ports'), dstport)
GROUP BY ALL
ORDER BY bytes DESC, dstaddr, dstport, protocol;
