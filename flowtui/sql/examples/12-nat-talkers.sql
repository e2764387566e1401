-- title: Top NAT talkers
-- question: Which hosts send most through NAT gateways to the internet?
-- fields: srcaddr, pkt_srcaddr, pkt_dstaddr, bytes, dt
-- look-for: Hosts that move gigabytes: each is paid per gigabyte at the gateway. S3 and DynamoDB have free endpoints.
SELECT
  pkt_srcaddr AS host,
  pkt_dstaddr AS destination,
  sum(bytes) AS total_bytes,
  count(*) AS flows
FROM vpc_flow_logs.flow_logs
WHERE pkt_srcaddr <> srcaddr
  AND pkt_srcaddr <> '-'
  AND log_status = 'OK'
GROUP BY pkt_srcaddr, pkt_dstaddr
ORDER BY total_bytes DESC
LIMIT 50;
