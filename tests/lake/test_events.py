"""Dumps of log events, held against the standard library's reading of them as a whole."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowtui.lake import events
from flowtui.lake.events import EventReader
from flowtui.lake.faults import Unreadable

_texts = st.sampled_from(["2 1 eni-1 OK", "", 'a "quoted" one', "brace }, {", "é \U0001f600", "a\\b", "[1,2]", " x "])
_more = st.sampled_from([{}, {"timestamp": 5}, {"extra": {"a": [{"b": 1}, {"c": 2}], "d": "},"}}, {"at": [1, 2.5]}])
_event = st.builds(
    lambda text, more, first: {"message": text, **more} if first else {**more, "message": text},
    *(_texts, _more, st.booleans()),
)
_dumps = st.tuples(
    st.lists(_event, max_size=12),
    st.sampled_from(["document", "long document", "lines", "array", "strings", "pages"]),
    st.sampled_from([None, 0, 1, 4]),
    st.sampled_from(["\n", "\r\n", "\n\n", " "]),
)


def _text(found: list[dict[str, object]], form: str, indent: int | None, between: str) -> str:
    if form == "lines":
        return between.join(json.dumps(event) for event in found)
    if form == "strings":
        return between.join(json.dumps(event["message"], ensure_ascii=False) for event in found)
    if form == "array":
        return json.dumps(found, indent=indent)
    if form == "pages":
        return between.join(json.dumps({"events": [event], "nextToken": "t"}, indent=indent) for event in found)
    before = {"searched": [{"message": "none"}, {"a": {}}]} if form == "long document" else {}
    return json.dumps({**before, "events": found, "nextToken": "t" * 20}, indent=indent)


def _messages(path: Path) -> list[str]:
    return [line.text for line in EventReader(path, gzip=False)]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_dumps, st.integers(8, 1200), st.integers(400, 900))
def test_events_are_those_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
    dump: tuple[list[dict[str, object]], str, int | None, str],
    read: int,
    whole: int,
) -> None:
    found, form, indent, between = dump
    monkeypatch.setattr(events, "_READ", read)
    monkeypatch.setattr(events, "_WHOLE", whole)
    text = _text(found, form, indent, between)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.json")
        path.write_text(text, encoding="utf-8", newline="")
        assert _messages(path) == [event["message"] for event in found]


@pytest.mark.parametrize(
    "text",
    [
        '{"message": "1"},{"message": "2"}\n{"message": "3"}\n{"message": "4"}\n',
        '{"message": "1"},\n{"message": "2"}\n',
        '{"message": "1", "x": [{}\n{}]}\n{"message": "2"}\n',
        '[{"message": "1"},, {"message": "2"},\n{"message": "3"}]',
        '[{"message": "1"}, {"message": "2"},]',
        '{"events": [{"message": "1"}, {"message": "2"}}, {"message": "3"}]}',
    ],
)
def test_what_is_no_json_is_refused_however_much_is_decoded_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(Unreadable, match="its JSON is"):
        _messages(path)
