-- title: Rejected replies
-- question: Which accepted flows had their answer refused, as a stateless network ACL does?
-- fields: interface_id, srcaddr, dstaddr, srcport, dstport, protocol, action, start, dt
-- look-for: An accepted request and a refused reply with the ports turned round: the network ACL lacks the ephemeral ports.
SELECT
  request.interface_id,
  request.srcaddr AS client,
  request.dstaddr AS server,
  request.dstport AS service_port,
  request.protocol,
  count(*) AS rejected_replies,
  min(reply.dstport) AS lowest_reply_port,
  max(reply.dstport) AS highest_reply_port
FROM vpc_flow_logs.flow_logs AS request
JOIN vpc_flow_logs.flow_logs AS reply
  ON reply.interface_id = request.interface_id
  AND reply.dt = request.dt
  AND reply.srcaddr = request.dstaddr
  AND reply.dstaddr = request.srcaddr
  AND reply.srcport = request.dstport
  AND reply.dstport = request.srcport
  AND reply.protocol = request.protocol
  AND reply.start BETWEEN request.start - 600 AND request."end" + 600
WHERE request.action = 'ACCEPT'
  AND reply.action = 'REJECT'
GROUP BY request.interface_id, request.srcaddr, request.dstaddr, request.dstport, request.protocol
ORDER BY rejected_replies DESC
LIMIT 50;
