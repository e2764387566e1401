-- title: Interfaces that fell silent
-- question: Which interfaces logged traffic before and nothing in the last hours of a day?
-- fields: interface_id, end, log_status, dt
-- look-for: A server that stopped talking while its neighbours went on: it is down, or its traffic takes another way.
WITH seen AS (
  SELECT interface_id, max("end") AS last_end, count(*) AS flows
  FROM vpc_flow_logs.flow_logs
  WHERE log_status = 'OK'
    AND dt <= '2024-01-15'
  GROUP BY interface_id
)
SELECT
  interface_id,
  flows,
  from_unixtime(last_end) AS last_record,
  (max(last_end) OVER () - last_end) / 60 AS minutes_behind
FROM seen
ORDER BY last_end, interface_id
LIMIT 25;
