-- Who uses administrative ports most?
-- group: traffic
-- needs: srcaddr dstaddr srcport dstport bytes
-- parameter: ports numbers = 22,3389,1433,3306,5432; ports of either end
-- read: Requests and replies both count, with one row per direction. An ephemeral port may equal
--   one of these ports by chance.
SELECT srcaddr, dstaddr, count(*) AS flows, sum(bytes) AS bytes
FROM flows
WHERE list_contains(getvariable('ports'), srcport) OR list_contains(getvariable('ports'), dstport)
GROUP BY srcaddr, dstaddr
ORDER BY bytes DESC, srcaddr, dstaddr;
