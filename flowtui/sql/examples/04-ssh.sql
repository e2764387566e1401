-- title: SSH connections
-- question: Who was let in by SSH on a day?
-- fields: srcaddr, dstaddr, dstport, protocol, action, start, end, bytes, packets, dt
-- look-for: Sources outside your own networks; Athena wants the bare end quoted.
SELECT srcaddr, dstaddr, start, end, bytes, packets
FROM vpc_flow_logs.flow_logs
WHERE dstport = 22
  AND protocol = 6  -- TCP
  AND action = 'ACCEPT'
  AND dt = '2024-01-15';
