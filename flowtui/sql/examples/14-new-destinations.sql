-- title: New destinations
-- question: Which destinations appear on the newest day and on no day before?
-- fields: srcaddr, dstaddr, dstport, bytes, action, dt
-- look-for: A host that suddenly talks to an address nobody talked to before, above all with many bytes.
WITH newest AS (
  SELECT max(dt) AS day FROM vpc_flow_logs.flow_logs
),
before AS (
  SELECT DISTINCT dstaddr
  FROM vpc_flow_logs.flow_logs
  CROSS JOIN newest
  WHERE dt < newest.day
)
SELECT srcaddr, dstaddr, dstport, sum(bytes) AS total_bytes, count(*) AS flows
FROM vpc_flow_logs.flow_logs
CROSS JOIN newest
WHERE dt = newest.day
  AND action = 'ACCEPT'
  AND dstaddr NOT IN (SELECT dstaddr FROM before)
GROUP BY srcaddr, dstaddr, dstport
ORDER BY total_bytes DESC
LIMIT 50;
