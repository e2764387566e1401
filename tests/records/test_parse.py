import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.records.fields import TGW_FIELDS, VPC_FIELDS, Field
from flowtui.records.labels import tcp_flag_names
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.records.parse import LineParser, RejectedLine
from tests.records.examples import example

SSH = (
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"
)


def test_ssh_accepted():
    layout, [record] = example("ssh-accepted")
    assert layout == DEFAULT_LAYOUT
    assert record.raw == SSH
    assert (record.srcaddr, record.dstaddr, record.srcport, record.dstport) == (
        "172.31.16.139",
        "172.31.16.21",
        20641,
        22,
    )
    assert (record.protocol, record.packets, record.bytes) == (6, 20, 4249)
    assert (record.start, record.end) == (1418530010, 1418530070)
    assert (record.interface_id, record.action, record.log_status) == ("eni-1235b8ca123456789", "ACCEPT", "OK")
    assert record.get("account-id") == record.get("account_id") == "123456789010"


def test_rdp_rejected():
    _, [record] = example("rdp-rejected")
    assert (record.dstport, record.action) == (3389, "REJECT")


@pytest.mark.parametrize(("name", "status"), [("nodata", "NODATA"), ("skipdata", "SKIPDATA")])
def test_records_without_data(name: str, status: str):
    _, [record] = example(name)
    assert record.log_status == status
    assert (record.srcaddr, record.action) == ("-", "-")
    assert record.srcport is record.protocol is record.packets is record.bytes is None
    assert (record.start, record.end) == (1431280876, 1431280934)


def test_ping_whose_reply_was_rejected():
    _, [request, reply] = example("ping-reply-rejected")
    assert (request.protocol, request.srcport, request.action) == (1, 0, "ACCEPT")
    assert (reply.srcaddr, reply.dstaddr, reply.action) == (request.dstaddr, request.srcaddr, "REJECT")


def test_ipv6():
    _, [record] = example("ipv6")
    assert record.srcaddr == "2001:db8:1234:a100:8d6e:3477:df66:f105"
    assert record.dstport == 22


def test_tcp_flag_sequence():
    layout, records = example("tcp-flag-sequence")
    assert layout.version == 3
    masks = [record.get("tcp-flags") for record in records]
    assert [tcp_flag_names(mask) for mask in masks if isinstance(mask, int)] == [
        *["SYN", "SYN-ACK"] * 2,
        *["FIN", "FIN"],
        *["SYN+FIN", "SYN-ACK+FIN"],
    ]


def test_nat_gateway_shows_hop_and_packet():
    _, records = example("nat-gateway")
    assert records[0].get("instance-id") == "-"
    assert (records[0].dstaddr, records[0].get("pkt-dstaddr")) == ("10.0.0.220", "203.0.113.5")
    assert records[4].dstaddr == records[4].get("pkt-dstaddr")
    assert records[0].start is None
    assert records[0].action == ""
    assert records[0].get("action") is None


def test_vpc_records_of_traffic_through_a_transit_gateway():
    layout, records = example("through-transit-gateway")
    assert layout.kind == "vpc"
    assert {record.get("pkt-srcaddr") for record in records} == {"10.20.33.164", "10.40.2.236"}


def test_transit_gateway_records():
    layout, [seen, lost] = example("transit-gateway")
    assert layout.kind == "tgw"
    assert layout.fields == TGW_FIELDS
    assert seen.get("tgw-id") == "tgw-0f3a1c5e7d9b2460a"
    assert seen.action == ""
    assert lost.get("packets-lost-no-route") == 3


def test_service_and_path():
    layout, [ingress, egress] = example("service-and-path")
    assert layout.version == 5
    assert (ingress.get("traffic-path"), egress.get("traffic-path")) == (None, 8)
    assert (ingress.get("pkt-src-aws-service"), egress.get("pkt-dst-aws-service")) == ("S3", "S3")
    assert egress.get("flow-direction") == "egress"


def test_runs_of_spaces_and_line_ends():
    record = LineParser(DEFAULT_LAYOUT).parse(SSH.replace(" ", "  ") + "\r\n")
    assert record.values == LineParser(DEFAULT_LAYOUT).parse(SSH).values
    assert not record.raw.endswith("\r")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "0 columns, 14 expected"),
        (SSH + " extra", "15 columns, 14 expected"),
        (SSH.rpartition(" ")[0], "13 columns, 14 expected"),
        (SSH.replace(" 22 ", " ssh "), "dstport is not a number: ssh"),
        (SSH.replace(" 22 ", " -5 "), "dstport is not a number: -5"),
        (SSH.replace(" 22 ", " 1_0 "), "dstport is not a number: 1_0"),
        (SSH.replace(" 22 ", " 2147483648 "), "dstport is not a number: 2147483648"),
        (SSH.replace(" 4249 ", f" {2**63} "), f"bytes is not a number: {2**63}"),
        (SSH.replace(" 4249 ", f" {'9' * 9000} "), f"bytes is not a number: {'9' * 40}"),
        (" ".join(DEFAULT_LAYOUT.names), "version is not a number: version"),
    ],
)
def test_rejected_lines_say_why(line: str, reason: str):
    with pytest.raises(RejectedLine) as caught:
        LineParser(DEFAULT_LAYOUT).parse(line)
    assert caught.value.reason == reason


def test_unknown_fields_are_text_even_when_they_look_like_numbers():
    record = LineParser(Layout.from_header("srcport new-field")).parse("22 0042")
    assert record.values == [22, "0042"]
    assert record.get("new_field") == "0042"


def values_of(field: Field) -> st.SearchStrategy[str | int | None]:
    if field.numeric:
        return st.none() | st.integers(0, 2**31 - 1 if field.parquet_type == "INT_32" else 2**63 - 1)
    return st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)


@given(st.data())
def test_a_written_record_is_read_back(data: st.DataObject):
    registry = data.draw(st.sampled_from([VPC_FIELDS, TGW_FIELDS]))
    fields = data.draw(st.lists(st.sampled_from(registry), min_size=1, unique=True))
    values = [data.draw(values_of(field)) for field in fields]
    gaps = [" " * data.draw(st.integers(1, 3)) for _ in fields]
    line = "".join(("-" if v is None else str(v)) + gap for v, gap in zip(values, gaps, strict=True))
    layout = Layout.of(field.name for field in fields)
    record = LineParser(layout).parse(line)
    assert record.values == values
    assert [record.get(field.name) for field in fields] == values
