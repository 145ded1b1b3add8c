-- When was nothing logged: NODATA and SKIPDATA?
-- group: health
-- needs: interface-id start log-status
-- read: NODATA is a window without traffic. SKIPDATA is a window in which AWS dropped records
--   without saying how many: every sum over such an hour is a lower bound.
SELECT date_trunc('hour', start_time) AS hour, interface_id,
  count(*) FILTER (WHERE log_status = 'OK') AS ok,
  count(*) FILTER (WHERE log_status = 'NODATA') AS nodata,
  count(*) FILTER (WHERE log_status = 'SKIPDATA') AS skipdata
FROM flows
GROUP BY hour, interface_id
HAVING count(*) FILTER (WHERE log_status IN ('NODATA', 'SKIPDATA')) > 0
ORDER BY skipdata DESC, nodata DESC, hour, interface_id;
