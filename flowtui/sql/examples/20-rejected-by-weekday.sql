-- title: Rejected TCP by weekday
-- question: On which days of the week is TCP refused, and at which interfaces?
-- fields: interface_id, action, protocol, date
-- look-for: A weekday far above the others: a job that runs weekly and lacks a rule. The table is the one of AWS's page
--   for text logs, its partition column date a DATE.
SELECT
  day_of_week(date) AS weekday,
  date,
  interface_id,
  count(*) AS rejects,
  count(DISTINCT srcaddr) AS sources
FROM vpc_flow_logs.vpc_flow_logs
WHERE action = 'REJECT'
  AND protocol = 6
GROUP BY date, interface_id
ORDER BY rejects DESC, date
LIMIT 100;
