-- title: One hour of a day
-- question: Who moved most bytes in one hour, in the Parquet table of AWS's page on partition projection?
-- fields: srcaddr, dstaddr, dstport, bytes, date, hour
-- look-for: The pair on top; with a partition for each hour only that hour's files are read and billed.
SELECT
  srcaddr,
  dstaddr,
  dstport,
  sum(bytes) AS byte_count,
  count(*) AS flows
FROM vpc_flow_logs.test_table_vpclogs_parquet
WHERE date = '2024/01/15'
  AND hour = '12'
GROUP BY srcaddr, dstaddr, dstport
ORDER BY byte_count DESC, srcaddr, dstaddr, dstport
LIMIT 20;
