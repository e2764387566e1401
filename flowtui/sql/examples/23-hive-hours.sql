-- title: Hours of a day, Hive partitions
-- question: How is a day's traffic spread over its hours, in a table with Hive's partitions?
-- fields: bytes, action, aws-account-id, aws-region, year, month, day, hour
-- look-for: Hours without a row. The hour is the one of the folder, in which records lie by their end.
SELECT
  "aws-account-id",
  "aws-region",
  hour,
  count(*) AS flows,
  count_if(action = 'REJECT') AS rejects,
  sum(bytes) AS byte_count
FROM vpc_flow_logs.vpc_flow_logs_parquet
WHERE year || '-' || month || '-' || day = '2024-01-15'
GROUP BY "aws-account-id", "aws-region", hour
ORDER BY hour;
