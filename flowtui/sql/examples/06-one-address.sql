-- title: Traffic from one address
-- question: What did one host send on a day, newest first?
-- fields: srcaddr, start, dt
-- look-for: Destinations and ports this host has no business with.
SELECT *
FROM vpc_flow_logs.flow_logs
WHERE srcaddr = '192.168.1.100'
  AND dt = '2024-01-15'
ORDER BY start DESC;
