from flowtui.aws.flow_logs import list_flow_logs
from tests.aws.scripted import ACCOUNT_ID, NOW, Script, flow_log


def listed(item):
    script = Script({"DescribeFlowLogs": lambda _: {"FlowLogs": [item]}})
    (found,) = list_flow_logs(script.account(), "us-east-1")
    return found


def test_a_cloudwatch_flow_log():
    arn = "arn:aws:iam::123456789010:role/flow-logs"
    item = flow_log("fl-1", "vpc-1", group="/vpc/flow-logs", DeliverLogsPermissionArn=arn, DeliverLogsStatus="SUCCESS")
    log = listed(item)
    assert (log.id, log.resource_id, log.region, log.account_id) == ("fl-1", "vpc-1", "us-east-1", ACCOUNT_ID)
    assert (log.destination_type, log.log_group, log.role_arn) == ("cloud-watch-logs", "/vpc/flow-logs", arn)
    assert (log.deliver_status, log.deliver_error, log.interval_s, log.created) == ("SUCCESS", "", 600, NOW)
    assert (log.bucket, log.prefix) == ("", "")


def test_the_group_is_read_from_the_arn_where_its_name_is_missing():
    item = flow_log(
        "fl-1",
        "vpc-1",
        LogDestinationType="cloud-watch-logs",
        LogDestination="arn:aws:logs:us-east-1:123456789010:log-group:/vpc/a:b:*",
    )
    assert listed(item).log_group == "/vpc/a:b"


def test_an_s3_flow_log_with_prefix_and_options():
    item = flow_log("fl-1", "subnet-1", bucket="logs-bucket/net/flow/") | {
        "DestinationOptions": {
            "FileFormat": "parquet",
            "HiveCompatiblePartitions": True,
            "PerHourPartition": True,
        }
    }
    log = listed(item)
    assert (log.bucket, log.prefix) == ("logs-bucket", "net/flow")
    assert (log.file_format, log.hive_partitions, log.hourly_partitions) == ("parquet", True, True)


def test_a_transit_gateway_flow_log_has_no_traffic_type():
    item = flow_log("fl-1", "tgw-1", bucket="b")
    del item["TrafficType"]
    assert listed(item).traffic_type == ""


def test_a_failing_one_keeps_awss_reason():
    item = flow_log("fl-1", "vpc-1", group="g", DeliverLogsStatus="FAILED", DeliverLogsErrorMessage="Access error")
    log = listed(item)
    assert (log.deliver_status, log.deliver_error) == ("FAILED", "Access error")
