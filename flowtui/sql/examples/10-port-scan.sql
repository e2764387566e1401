-- title: Port scans
-- question: Which sources tried many different ports of one host and were refused?
-- fields: srcaddr, dstaddr, dstport, action, start
-- look-for: Many ports in few minutes: a scan. The same source on many hosts shows in the distinct targets of its other rows.
SELECT
  srcaddr,
  dstaddr,
  count(DISTINCT dstport) AS ports,
  count(*) AS attempts,
  from_unixtime(min(start)) AS first_seen,
  date_diff('minute', from_unixtime(min(start)), from_unixtime(max("end"))) AS minutes
FROM vpc_flow_logs.flow_logs
WHERE action = 'REJECT'
  AND protocol = 6
  AND dstport < 32768  -- refused replies go to higher, ephemeral ports
GROUP BY srcaddr, dstaddr
HAVING count(DISTINCT dstport) >= 10
ORDER BY ports DESC, attempts DESC
LIMIT 50;
