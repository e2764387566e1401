-- title: Top talkers
-- question: Which pairs of hosts moved most bytes on a day?
-- fields: srcaddr, dstaddr, bytes, dt
-- look-for: Pairs you do not know, and one pair far above the rest: backups and copies also look like this.
SELECT srcaddr, dstaddr, SUM(bytes) as total_bytes
FROM vpc_flow_logs.flow_logs
WHERE dt = '2024-01-15'
GROUP BY srcaddr, dstaddr
ORDER BY total_bytes DESC
LIMIT 20;
