-- title: SSH brute force
-- question: Which sources try SSH again and again?
-- fields: srcaddr, dstaddr, dstport, protocol, action, start
-- look-for: Hundreds of attempts an hour; an accepted one among the refused is worth a look at the host's own log.
SELECT
  srcaddr,
  dstaddr,
  count(*) AS attempts,
  count_if(action = 'ACCEPT') AS accepted,
  date_format(from_unixtime(min(start)), '%Y-%m-%d %H:%i') AS first_seen,
  date_format(from_unixtime(max(start)), '%Y-%m-%d %H:%i') AS last_seen
FROM vpc_flow_logs.flow_logs
WHERE dstport = 22
  AND protocol = 6
GROUP BY srcaddr, dstaddr
HAVING count_if(action = 'REJECT') >= 5
ORDER BY attempts DESC
LIMIT 50;
