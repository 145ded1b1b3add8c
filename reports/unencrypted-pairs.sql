-- Who talks without encryption?
-- group: security
-- needs: srcaddr dstaddr srcport dstport protocol bytes encryption-status
-- read: Records with encryption-status 0. Where VPC Encryption Controls are off, AWS logs no status
--   and nothing is shown. AWS assumes that port 443 of an endpoint is encrypted, without looking
--   into packets.
SELECT srcaddr, dstaddr, least(srcport, dstport) AS port,
  port_name(least(srcport, dstport), protocol) AS service, count(*) AS flows, sum(bytes) AS bytes
FROM flows
WHERE encryption_status = 0
GROUP BY srcaddr, dstaddr, port, service
ORDER BY bytes DESC, srcaddr, dstaddr, port, service;
