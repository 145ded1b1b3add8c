-- What do Transit Gateway attachments carry, and what does it cost?
-- group: cost
-- needs: tgw-id tgw-attachment-id packets bytes flow-direction
-- prices: transit-gateway-processing
-- parameter: region text = us-east-1; Region of the price
-- read: sent_bytes went into the Transit Gateway, which is what it charges to the attachment's
--   owner; received_bytes came out of it. Peerings are not charged this way, and the hourly price
--   is not included.
SELECT tgw_id, tgw_attachment_id, count(*) AS flows,
  sum(bytes) FILTER (WHERE flow_direction = 'ingress') AS sent_bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'egress') AS received_bytes,
  sum(bytes) FILTER (WHERE flow_direction = 'ingress') / getvariable('price_bytes')
    * getvariable('usd_per_gb') AS cost_usd,
  getvariable('usd_per_gb') AS usd_per_gb, getvariable('price_date') AS price_date
FROM flows
WHERE tgw_attachment_id IS NOT NULL AND packets IS NOT NULL
GROUP BY tgw_id, tgw_attachment_id
ORDER BY sum(bytes) DESC, tgw_id, tgw_attachment_id;
