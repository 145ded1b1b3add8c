-- When was a port rejected too often?
-- group: security
-- needs: interface-id srcaddr dstport start action
-- parameter: ports numbers = 22; ports that are watched
-- parameter: attempts number = 10; at least this many rejected flows per hour and interface
-- read: The alarm of AWS's guide: an hour in which one interface rejected at least that many flows.
SELECT date_trunc('hour', start_time) AS hour, interface_id, dstport, count(*) AS flows,
  count(DISTINCT srcaddr) AS sources
FROM flows
WHERE action = 'REJECT' AND list_contains(getvariable('ports'), dstport)
GROUP BY hour, interface_id, dstport
HAVING count(*) >= getvariable('attempts')
ORDER BY hour, interface_id, dstport;
