-- title: Bytes to the internet
-- question: Which hosts send most bytes out of the VPC, and by which way?
-- fields: srcaddr, dstaddr, traffic_path, flow_direction, bytes
-- look-for: traffic_path 8 is the internet gateway, 3 a private gateway, 4 and 5 peering. Gigabytes from a host that
--   has nothing to publish are a leak, or a backup that could use an endpoint.
SELECT
  srcaddr,
  traffic_path,
  count(DISTINCT dstaddr) AS destinations,
  sum(bytes) AS bytes_sent,
  round(sum(bytes) / 1e9, 3) AS gigabytes
FROM vpc_flow_logs.flow_logs
WHERE flow_direction = 'egress'
  AND traffic_path > 1
GROUP BY srcaddr, traffic_path
ORDER BY bytes_sent DESC, srcaddr
LIMIT 50;
