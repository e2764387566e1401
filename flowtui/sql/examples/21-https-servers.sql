-- title: Busiest HTTPS servers
-- question: Which servers took most HTTPS packets in the week up to a day?
-- fields: dstaddr, dstport, packets, bytes, date
-- look-for: An address that is no server of yours; a load balancer that takes more than its neighbours.
SELECT
  dstaddr,
  sum(packets) AS packet_count,
  sum(bytes) AS byte_count,
  count(*) AS flows
FROM vpc_flow_logs.vpc_flow_logs
WHERE dstport = 443
  AND date BETWEEN date '2024-01-15' - interval '7' day AND date '2024-01-15'
GROUP BY dstaddr
ORDER BY packet_count DESC, dstaddr
LIMIT 10;
