import pytest

from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser
from tests.records.examples import FOLDER, example

NAMES = sorted(path.stem for path in FOLDER.glob("*.log"))
SWAPPED = Layout.from_header(
    "account-id version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status action"
)


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_record_finds_its_layout_among_all(name: str):
    layout, records = example(name)
    parser = ShapeParser([SWAPPED, *(example(other)[0] for other in NAMES)])
    for record in records:
        assert parser.parse(record.raw).layout == layout


def test_same_width_is_told_by_content():
    parser = ShapeParser([DEFAULT_LAYOUT, SWAPPED])
    line = "123456789010 2 eni-1 10.0.0.1 10.0.0.2 1 22 6 1 40 1418530010 1418530070 OK REJECT"
    assert parser.parse(line).layout == SWAPPED
    assert parser.parse(line).action == "REJECT"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "0 columns, which no format of this log group has"),
        ("a b c", "3 columns, which no format of this log group has"),
        ("2 x eni-1 10.0.0.1 10.0.0.2 1 22 6 1 40 1418530010 1418530070 MAYBE OK", "fit no format"),
        ("a x eni-1 10.0.0.1 10.0.0.2 1 22 6 1 40 1418530010 1418530070 REJECT OK", "not a number"),
    ],
)
def test_what_fits_none_is_rejected(line: str, reason: str):
    with pytest.raises(RejectedLine) as caught:
        ShapeParser([DEFAULT_LAYOUT, Layout.from_header("srcaddr dstaddr")]).parse(line)
    assert reason in caught.value.reason


def test_one_layout_is_trusted():
    [record] = example("nodata")[1]
    assert ShapeParser([DEFAULT_LAYOUT, DEFAULT_LAYOUT]).parse(record.raw).log_status == "NODATA"
    with pytest.raises(RejectedLine, match="1 columns, 14 expected"):
        ShapeParser([DEFAULT_LAYOUT]).parse("x")


def test_without_layouts_nothing_fits():
    with pytest.raises(RejectedLine):
        ShapeParser([]).parse("a b")
