"""AWS's documented records, parsed."""

from pathlib import Path

from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser, Record

FOLDER = Path(__file__).parents[1] / "data" / "aws_examples"


def example(name: str) -> tuple[Layout, list[Record]]:
    header, *lines = (FOLDER / f"{name}.log").read_text(encoding="utf-8").splitlines()
    layout = Layout.from_header(header)
    parser = LineParser(layout)
    return layout, [parser.parse(line) for line in lines]
