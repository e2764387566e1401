"""Repeated events are found by id, the first of each stays, and little is kept of it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.lake.repeats import Repeats
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import SSH, ask, load_all, write


@given(st.lists(st.lists(st.sampled_from(["", "1", "2", "3", "é", "10" * 28]), max_size=20), max_size=6))
def test_positions_are_those_of_a_plain_search(pages: list[list[str]]):
    found = Repeats()
    seen: set[str] = set()
    wanted, position = [], 0
    for page in pages:
        found.add({"eventId": id} for id in page)
        for id in page:
            if id in seen:
                wanted.append(position)
            seen |= {id} - {""}
            position += 1
    assert list(found.positions()) == wanted


def test_what_has_no_id_is_no_repeat():
    found = Repeats()
    found.add([{"message": "a"}, {"message": "a"}, "a", "a", None, {"eventId": 7}, {"eventId": 7}])
    assert list(found.positions()) == []


def test_eight_bytes_are_kept_of_an_id():
    """Ten million events fit the memory that a load may take; a set of their ids does not."""
    found = Repeats()
    found.add({"eventId": f"{number:056}"} for number in range(50_000))
    assert found._hashes.itemsize * len(found._hashes) == 400_000
    assert vars(found).keys() == {"_hashes", "_unique"}


@pytest.mark.parametrize("slowly", [False, True])
def test_pages_that_overlap_load_every_event_once(workspace: Workspace, tmp_path: Path, slowly: bool):
    """By the bare file that is made of a dump, and where an event of several lines prevents that."""
    lines = [SSH.replace(" 20641 ", f" {port} ") for port in range(3000)]
    found = [{"eventId": str(number), "message": line} for number, line in enumerate(lines)]
    pages = [{"events": found[max(0, first - 40) : first + 100]} for first in range(0, 3000, 100)]
    more = [{"events": [{"eventId": "odd", "message": f"{SSH}\n{SSH}"}]}] if slowly else []
    report = load_all(workspace, write(tmp_path, "a.json", "\n".join(map(json.dumps, [*pages, *more]))))
    assert (report.records, report.repeated, report.rejected) == (3000, 29 * 40, int(slowly))
    assert ask(workspace, "SELECT count(*), count(DISTINCT srcport) FROM vpc_flow_logs.flow_logs") == [(3000, 3000)]
