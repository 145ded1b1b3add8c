-- What Block Public Access and Encryption Controls rejected?
-- group: security
-- needs: interface-id srcaddr dstaddr dstport protocol packets start end reject-reason
-- read: BPA is VPC Block Public Access, EC an endpoint's Encryption Controls. No security group and
--   no network ACL is wrong here. AWS logs no bytes of what BPA rejects.
SELECT reject_reason, srcaddr, dstaddr, dstport, protocol_name(protocol) AS protocol,
  port_name(dstport, protocol) AS service, count(*) AS flows, sum(packets) AS packets,
  interface_id, min(start_time) AS first_seen, max(end_time) AS last_seen
FROM flows
WHERE reject_reason IS NOT NULL
GROUP BY ALL
ORDER BY flows DESC, reject_reason, srcaddr, dstaddr, dstport, protocol, interface_id;
