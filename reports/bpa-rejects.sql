-- What Block Public Access and Encryption Controls rejected?
-- group: security
-- needs: interface-id srcaddr dstaddr dstport protocol packets start end reject-reason
-- read: BPA is VPC Block Public Access; EC is the Encryption Controls of an endpoint. These rejects
--   are not caused by a security group or network ACL. AWS logs no bytes for what BPA rejects.
SELECT reject_reason, srcaddr, dstaddr, dstport, protocol_name(protocol) AS protocol,
  port_name(dstport, protocol) AS service, count(*) AS flows, sum(packets) AS packets,
  interface_id, min(start_time) AS first_seen, max(end_time) AS last_seen
FROM flows
WHERE reject_reason IS NOT NULL
GROUP BY ALL
ORDER BY flows DESC, reject_reason, srcaddr, dstaddr, dstport, protocol, interface_id;
