-- title: Top NAT talkers
-- question: Which hosts move most bytes through NAT gateways, and to where?
-- fields: interface_id, srcaddr, dstaddr, pkt_srcaddr, pkt_dstaddr, bytes, log_status
-- look-for: Hosts that move gigabytes: each is paid for at the gateway, while S3 and DynamoDB have free endpoints.
SELECT
  interface_id AS nat_gateway,
  CASE WHEN pkt_dstaddr <> dstaddr THEN srcaddr ELSE dstaddr END AS host,
  CASE WHEN pkt_dstaddr <> dstaddr THEN pkt_dstaddr ELSE pkt_srcaddr END AS outside,
  sum(CASE WHEN pkt_dstaddr <> dstaddr THEN bytes ELSE 0 END) AS bytes_sent,
  sum(CASE WHEN pkt_srcaddr <> srcaddr THEN bytes ELSE 0 END) AS bytes_received,
  sum(bytes) AS total_bytes
FROM vpc_flow_logs.flow_logs
WHERE log_status = 'OK'
  AND (pkt_srcaddr <> srcaddr OR pkt_dstaddr <> dstaddr)
GROUP BY 1, 2, 3
ORDER BY total_bytes DESC
LIMIT 50;
