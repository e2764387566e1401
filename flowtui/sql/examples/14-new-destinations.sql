-- title: New destinations
-- question: Which services were first talked to after the first day loaded?
-- fields: srcaddr, dstaddr, srcport, dstport, protocol, bytes, start, action, dt
-- look-for: A host that suddenly talks to an address nobody talked to before, above all with many bytes.
SELECT
  dstaddr,
  dstport,
  protocol,
  from_unixtime(min(start)) AS first_seen,
  count(DISTINCT srcaddr) AS sources,
  arbitrary(srcaddr) AS one_source,
  sum(bytes) AS total_bytes,
  count(*) AS flows
FROM vpc_flow_logs.flow_logs
WHERE action = 'ACCEPT'
  AND dstport < srcport  -- requests, not their replies
GROUP BY dstaddr, dstport, protocol
HAVING min(dt) > (SELECT min(dt) FROM vpc_flow_logs.flow_logs)
ORDER BY first_seen DESC, total_bytes DESC
LIMIT 50;
