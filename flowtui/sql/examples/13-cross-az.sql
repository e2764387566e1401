-- title: Bytes between availability zones
-- question: Which pairs of hosts of this VPC talk across availability zones?
-- fields: az_id, srcaddr, dstaddr, flow_direction, bytes
-- look-for: Each gigabyte is paid in both directions; a client and its database in one zone pay nothing.
WITH homes AS (
  SELECT DISTINCT dstaddr AS address, az_id AS zone
  FROM vpc_flow_logs.flow_logs
  WHERE flow_direction = 'ingress' AND az_id <> '-'
)
SELECT
  source.zone AS from_zone,
  target.zone AS to_zone,
  flow.srcaddr,
  flow.dstaddr,
  sum(flow.bytes) AS total_bytes,
  round(sum(flow.bytes) / 1e9, 3) AS gigabytes
FROM vpc_flow_logs.flow_logs AS flow
JOIN homes AS source ON source.address = flow.srcaddr
JOIN homes AS target ON target.address = flow.dstaddr
WHERE flow.flow_direction = 'egress'
  AND source.zone <> target.zone
GROUP BY source.zone, target.zone, flow.srcaddr, flow.dstaddr
ORDER BY total_bytes DESC
LIMIT 50;
