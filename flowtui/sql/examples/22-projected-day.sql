-- title: One day, partitions projected
-- question: What did each account and region log on a day, in the table of AWS's page on partition projection?
-- fields: action, bytes, accid, region, day
-- look-for: A region that logged nothing, or far more refused than elsewhere. Its day is written YYYY/MM/DD.
SELECT
  accid,
  region,
  day,
  action,
  count(*) AS flows,
  sum(bytes) AS byte_count
FROM vpc_flow_logs.test_table_vpclogs
WHERE day = '2024/01/15'
GROUP BY accid, region, day, action
ORDER BY accid, region, action;
