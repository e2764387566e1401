import pytest

from flowtui.records import labels


@pytest.mark.parametrize(
    ("number", "name"),
    [
        *((1, "ICMP"), (2, "IGMP"), (6, "TCP"), (17, "UDP"), (47, "GRE"), (50, "ESP"), (51, "AH"), (58, "ICMPv6")),
        *((132, "SCTP"), (253, "253"), (None, "-")),
    ],
)
def test_protocols(number: int | None, name: str):
    assert labels.protocol_name(number) == name


@pytest.mark.parametrize(
    ("mask", "names"),
    [
        (0, ""),
        (None, ""),
        (1, "FIN"),
        (2, "SYN"),
        (3, "SYN+FIN"),
        (4, "RST"),
        (7, "SYN+FIN+RST"),
        (18, "SYN-ACK"),
        (19, "SYN-ACK+FIN"),
        (16, "ACK"),
        (24, "ACK+PSH"),
        (32, "URG"),
        (258, "SYN+256"),
    ],
)
def test_tcp_flags(mask: int | None, names: str):
    assert labels.tcp_flag_names(mask) == names


def test_traffic_paths():
    assert [labels.traffic_path_name(n) for n in (3, 8, 9, None)] == [
        "virtual private gateway",
        "internet gateway",
        "9",
        "-",
    ]
    assert sorted(labels.TRAFFIC_PATHS) == list(range(1, 9))


def test_encryption_statuses():
    assert [labels.encryption_status_name(n) for n in (0, 1, 7, None)] == ["not encrypted", "Nitro", "7", "-"]


def test_ports():
    assert [labels.port_name(n) for n in (22, 443, 3389, 54321, None)] == ["ssh", "https", "rdp", "", ""]


def test_clean_leaves_printable_text_alone():
    assert labels.clean("web [red]x[/] é 漢字 ✗") == "web [red]x[/] é 漢字 ✗"


@pytest.mark.parametrize("bad", ["\x1b[31m", "\r", "\n", "\x00", "\x9b", "\u202e", "\u200b", "\ud800"])
def test_clean_leaves_nothing_a_terminal_would_obey(bad: str):
    shown = labels.clean(f"a{bad}b")
    assert shown.isprintable()
    assert shown.startswith("a·")
    assert shown.endswith("b")
