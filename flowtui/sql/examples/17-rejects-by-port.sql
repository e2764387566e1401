-- title: Refused ports
-- question: Which ports are refused most, and by how many sources?
-- fields: srcaddr, dstport, protocol, action
-- look-for: Well-known ports from many sources are background noise; an odd port from one inside source is a rule to mend.
SELECT
  dstport,
  protocol,
  count(*) AS rejects,
  count(DISTINCT srcaddr) AS sources,
  count_if(contains('10.0.0.0/8', try_cast(srcaddr AS ipaddress))) AS from_inside
FROM vpc_flow_logs.flow_logs
WHERE action = 'REJECT'
GROUP BY dstport, protocol
ORDER BY rejects DESC
LIMIT 50;
