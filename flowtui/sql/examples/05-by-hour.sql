-- title: Traffic by hour
-- question: How do bytes, packets and flows spread over a day (UTC)?
-- fields: start, bytes, packets, dt
-- look-for: An hour far above the same hour of other days, or one with no records at all.
SELECT
  DATE_FORMAT(FROM_UNIXTIME(start), '%Y-%m-%d %H:00') as hour,
  SUM(bytes) as total_bytes,
  SUM(packets) as total_packets,
  COUNT(*) as flow_count
FROM vpc_flow_logs.flow_logs
WHERE dt = '2024-01-15'
GROUP BY DATE_FORMAT(FROM_UNIXTIME(start), '%Y-%m-%d %H:00')
ORDER BY hour;
