-- title: Recent flow logs
-- question: What do the records look like?
-- fields: version, account_id, interface_id, srcaddr, dstaddr, srcport, dstport, protocol, packets, bytes, start, end, action, log_status
-- look-for: Which fields this flow log has; NODATA and SKIPDATA rows have no addresses.
SELECT *
FROM vpc_flow_logs.flow_logs
LIMIT 100;
