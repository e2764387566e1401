-- title: Skipped records
-- question: Where and when did AWS skip records, or see no traffic?
-- fields: interface_id, start, end, log_status
-- look-for: SKIPDATA means the numbers of that interval are too low; NODATA that the interface was idle.
SELECT
  interface_id,
  log_status,
  count(*) AS intervals,
  from_unixtime(min(start)) AS first_seen,
  from_unixtime(max("end")) AS last_seen
FROM vpc_flow_logs.flow_logs
WHERE log_status <> 'OK'
GROUP BY interface_id, log_status
ORDER BY log_status DESC, intervals DESC
LIMIT 100;
