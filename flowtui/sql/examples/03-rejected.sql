-- title: Rejected traffic
-- question: What was refused most often on a day, by security group or network ACL?
-- fields: srcaddr, dstaddr, srcport, dstport, protocol, action, dt
-- look-for: Inside addresses that are refused point at a rule that is missing; outside ones at scans.
SELECT srcaddr, dstaddr, srcport, dstport, protocol, COUNT(*) as reject_count
FROM vpc_flow_logs.flow_logs
WHERE action = 'REJECT'
  AND dt = '2024-01-15'
GROUP BY srcaddr, dstaddr, srcport, dstport, protocol
ORDER BY reject_count DESC
LIMIT 50;
