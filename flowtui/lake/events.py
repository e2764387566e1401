"""Dumps of CloudWatch log events as JSON, read event by event in bounded memory.

What ``aws logs filter-log-events`` and ``get-log-events`` print is one document with ``events``; pages may be
concatenated. A dump may also have an event, or only its message, a line; or be what a subscription delivers, with
``logEvents`` (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html).
"""

from __future__ import annotations

import codecs
import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from flowtui.lake.faults import Unreadable
from flowtui.lake.lines import NOT_UTF8, Line, opened
from flowtui.lake.repeats import id_of

_LISTS = ("events", "logEvents")
_SPACE = " \t\r\n\x1e"
_READ = 1 << 18
_WHOLE = 1 << 20
"""Characters of an object that is decoded whole; a longer one is a page, and gone into. CloudWatch's events are shorter
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html)."""
_TOO_LONG = object()
"""Stands for a long object that turned out to be no page."""
_MARK = secrets.randbits(60)
"""Put between lines that are decoded at once, to see that each of them is one value; no file can know it."""


class EventReader:
    """The messages of a dump as lines, numbered by event.

    Args:
        path: the file.
        gzip: whether it is compressed.
    """

    def __init__(self, path: Path, *, gzip: bool) -> None:
        self._path = path
        self._gzip = gzip
        self.bytes_read = 0
        """Bytes read so far, inflated."""
        self.repeated = 0
        """Events left out because one of the same id came before, as where pages overlap."""

    def __iter__(self) -> Iterator[Line]:
        """Every event once; of what is no event the fault says so.

        Raises:
            Unreadable: it is no JSON, or damaged.
        """
        number = 0
        seen: set[int] = set()
        for events in self.portions():
            for event in events:
                if id := id_of(event):
                    if (mark := hash(id)) in seen:
                        self.repeated += 1
                        continue
                    seen.add(mark)
                number += 1
                yield _line(number, event)

    def portions(self) -> Iterator[list[object]]:
        """All events as JSON has them, repeated ones too, many at a time.

        Raises:
            Unreadable: it is no JSON, or damaged.
        """
        with opened(self._path, self._gzip) as file:
            found = _Values(file)
            for values in found:
                self.bytes_read = found.bytes_read
                yield list(_events_of(values))


def begins_json(head: bytes) -> bool:
    """Whether a file's first bytes begin JSON; PowerShell writes it as UTF-16."""
    decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
    return decoder.decode(head[:4096]).lstrip("\ufeff" + _SPACE)[:1] in ("{", "[", '"')


def _encoding(head: bytes) -> str:
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _events_of(values: Sequence[object]) -> Iterator[object]:
    """Events in decoded values: a page's, a list's, or the value itself."""
    for value in values:
        if isinstance(value, list):
            yield from _events_of(value)
            continue
        found = value.get("events", value.get("logEvents")) if isinstance(value, dict) else None
        if isinstance(found, list):
            yield from found
        else:
            yield value


def _line(number: int, event: object) -> Line:
    if event is _TOO_LONG:
        return Line(number, "", f"no log event: more than {_WHOLE} characters, and no page of events")
    message = event.get("message") if isinstance(event, dict) else event
    if not isinstance(message, str):
        return Line(number, json.dumps(event), "no log event: it has no message")
    text = message.rstrip("\r\n")
    if "\n" in text:
        return Line(number, text.replace("\n", "\\n"), "an event of several lines")
    try:
        text.encode()
    except UnicodeEncodeError:
        return Line(number, text.encode("utf-8", "backslashreplace").decode(), NOT_UTF8)
    return Line(number, text)


class _Values:
    """The values of a JSON text, those inside lists and long objects for themselves; several at a time where they are
    plainly apart, for decoding them one by one takes three times as long.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        head = file.read(_READ)
        self._bytes = codecs.getincrementaldecoder(_encoding(head))("strict")
        self._decoder = json.JSONDecoder()
        self._text = self._decoded(head)
        self.bytes_read = len(head)
        self._at = 0
        self._ended = not head
        self._tried = False
        """Whether several were looked for in what is read; a second look would only find the same."""

    def __iter__(self) -> Iterator[list[object]]:
        try:
            while self._peek():
                if several := self._lines():
                    yield several
                else:
                    yield from self._value()
        except RecursionError as error:
            raise Unreadable("its JSON is nested too deeply") from error

    def _lines(self) -> list[object]:
        """Values that stand a line each, as far as whole lines are read; none where lines are not values."""
        end = self._text.rfind("\n", self._at)
        if self._tried or end < 0:
            return []
        text = self._text[self._at : end]
        found = self._at_once(text.replace("\n", f",{_MARK},"))
        if found[1::2] != [_MARK] * text.count("\n"):
            return []
        self._at = end if found else self._at
        return found[::2]

    def _several(self) -> list[object]:
        """Items of a list from here to the last that ends in what is read; none where that is not plain to see.

        What follows a comma's brace may lie inside an item; then there is none of it without its end.
        """
        end = self._text.rfind("},", self._at) + 1
        if self._tried or not end:
            return []
        found = self._at_once(self._text[self._at : end])
        self._at = end if found else self._at
        return found

    def _at_once(self, items: str) -> list[object]:
        """Items with commas between; none where they are not whole."""
        self._tried = True
        try:
            found: list[object] = json.loads(f"[{items}]")
        except ValueError:
            return []
        return found

    def _value(self) -> Iterator[list[object]]:
        char = self._peek()
        if char == "[":
            self._at += 1
            yield from self._items()
        elif char != "{":
            yield [self._whole()]
        elif (value := self._whole(shorter=True)) is not None:
            yield [value]
        else:
            self._at += 1
            yield from self._members()

    def _items(self) -> Iterator[list[object]]:
        more = self._peek() != "]"
        if not more:
            self._at += 1
        while more:
            if several := self._several():
                yield several
            else:
                yield from self._value()
            more = self._after_comma("]")

    def _members(self) -> Iterator[list[object]]:
        """What the list of events in a long object holds."""
        is_page = False
        more = self._peek() == '"'
        while more:
            key = self._whole()
            self._expect(":")
            values = self._value()
            if key in _LISTS:
                is_page = True
                yield from values
            else:
                for _ in values:
                    pass
            more = self._after_comma("}")
        if not is_page:
            yield [_TOO_LONG]

    def _after_comma(self, end: str) -> bool:
        return self._expect("," + end) == ","

    def _expect(self, chars: str) -> str:
        char = self._peek()
        if not char or char not in chars:
            raise _damaged(cut=not char)
        self._at += 1
        return char

    def _whole(self, *, shorter: bool = False) -> object:
        """The next value, decoded whole; None for one that is not ``shorter`` than :data:`_WHOLE`."""
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
                # A number may go on in what is not read yet.
                if end < len(self._text) or not self._fill():
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                if shorter and len(self._text) - self._at > _WHOLE:
                    return None
                if not self._fill():
                    cut = error.pos >= len(self._text.rstrip(_SPACE)) or error.msg.startswith("Unterminated")
                    raise _damaged(cut=cut) from error
            except ValueError as error:
                # Python decodes whole numbers up to a length only.
                raise Unreadable("its JSON holds a number of thousands of digits") from error

    def _peek(self) -> str:
        """The next character that is no space, empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def _fill(self) -> bool:
        """Read on; False at the end."""
        if self._ended:
            return False
        data = self._file.read(_READ)
        self.bytes_read += len(data)
        self._ended = not data
        self._text = self._text[self._at :] + self._decoded(data)
        self._at = 0
        self._tried = False
        return bool(data)

    def _decoded(self, data: bytes) -> str:
        try:
            return self._bytes.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise Unreadable("it begins like JSON, but is not UTF-8") from error


def _damaged(*, cut: bool) -> Unreadable:
    return Unreadable("its JSON is truncated" if cut else "its JSON is damaged")
