"""Formats of dates: MySQL's letters (``date_format``) and Joda's (``format_datetime``), turned into DuckDB's.

A format must be a literal, so that it can be turned while translating and a wrong letter is an error with a place.
Sources: https://trino.io/docs/current/functions/datetime.html
https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import Bound, derived, place
from flowtui.sql.dialect.moments import instant, local, precision, zone_name
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import VARCHAR, Type

_MYSQL = {
    "a": "%a",
    "b": "%b",
    "c": "%-m",
    "d": "%d",
    "e": "%-d",
    "f": "%f",
    "H": "%H",
    "h": "%I",
    "I": "%I",
    "i": "%M",
    "j": "%j",
    "k": "%-H",
    "l": "%-I",
    "M": "%B",
    "m": "%m",
    "p": "%p",
    "r": "%I:%M:%S %p",
    "S": "%S",
    "s": "%S",
    "T": "%H:%M:%S",
    "v": "%V",
    "W": "%A",
    "x": "%G",
    "Y": "%Y",
    "y": "%y",
    "%": "%%",
}
_OFFSET = re.compile(r"(?<=\d|\s)([+-])(\d{2}):?(\d{2})(?!\d|-)")
_MYSQL_REFUSED = "DUuVwX"
_FORMAT_PRECISION = 3
_FIELD_SHAPES = {"%%": "%", "%y": "[+-]?[0-9]{2}", "%f": "[0-9]{1,9}", "%p": "[AaPp][Mm]"}
"""What a field may be, where that is not just anything without a space."""
_DAYS = ("%m", "%-m", "%b", "%B", "%d", "%-d", "%j", "%-j", "%V", "%u", "%a", "%A")
"""Fields between a month and a day."""
_JODA = {
    "y": ("%Y", "%y"),
    "Y": ("%Y", "%y"),
    "x": ("%G",),
    "M": ("%-m", "%m", "%b", "%B"),
    "d": ("%-d", "%d"),
    "D": ("%-j", "", "%j"),
    "E": ("%a", "%a", "%a", "%A"),
    "e": ("%u",),
    "w": ("", "%V"),
    "h": ("%-I", "%I"),
    "H": ("%-H", "%H"),
    "m": ("%-M", "%M"),
    "s": ("%-S", "%S"),
    "S": ("", "", "%g", "", "", "%f"),
    "a": ("%p",),
    "G": ("AD",),
}


def _literal(binder: Binder, format_: Bound) -> str:
    if not isinstance(format_.literal, str):
        hint = "Athena takes any expression here; run the statement with --engine athena."
        raise binder.error_at(format_.at, "Locally the format must be a literal.", hint)
    return format_.literal


def _mysql(binder: Binder, format_: Bound) -> str:
    """The strftime format of one of MySQL's."""
    text = _literal(binder, format_)
    result, index = [], 0
    while index < len(text):
        letter = text[index]
        if letter != "%":
            result.append(letter)
            index += 1
            continue
        if index + 1 == len(text):  # a last % is passed over
            break
        letter = text[index + 1]
        if letter in _MYSQL_REFUSED:
            raise binder.error_at(format_.at, f"Athena's date formats have no %{letter}.")
        result.append(_MYSQL.get(letter, letter))
        index += 2
    return "".join(result)


def _date_format(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, format_ = arguments
    text = _mysql(binder, format_)
    if not text and format_.literal:
        raise binder.error_at(format_.at, "The format is empty.")
    return derived(f"strftime({_to_millisecond(value)}, {text_literal(text)})", VARCHAR, [value], at)


def _to_millisecond(value: Bound) -> str:
    """The clock time as formats see it: they know no digits beyond the millisecond."""
    return f"round_moment({local(value)}, 1000)" if precision(value.type) > _FORMAT_PRECISION else local(value)


def _date_parse(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, format_ = arguments
    text = _mysql(binder, format_)
    _check_half_day(binder, format_, text)
    value = _shaped(value, text, at)
    if text.endswith(".%f"):
        # Digits beyond the microsecond are read and dropped.
        value = replace(value, sql=f"regexp_replace({value.sql}, '(\\.[0-9]{{6}})[0-9]+$', '\\1')", atom=True)
    sql = _parsed(value, text, at)
    sql = f"date_trunc('millisecond', {sql})" if "%f" in text else sql
    if ("%I" in text or "%-I" in text) and "%p" not in text:
        # Without AM or PM the hour 12 begins the day.
        sql = f"hour_of_half_day({sql})"
    # Two digits are a year from 1970 to 2069; DuckDB begins in 1969.
    sql = f"two_digit_year({sql}, 1970)" if "%y" in text else sql
    return derived(sql, types.timestamp(3), [value], at)


def _check_half_day(binder: Binder, format_: Bound, text: str) -> None:
    """Refuse AM and PM beside the hour of a whole day: Athena passes over them, strptime does not."""
    if "%p" in text and ("%H" in text or "%-H" in text):
        hint = "Take the hour from 1 to 12 with AM or PM, or leave these out."
        raise binder.error_at(format_.at, "AM or PM beside hours from 0 to 23 is not available locally.", hint)
    if not text:
        raise binder.error_at(format_.at, "The format is empty.")


def _shaped(value: Bound, format_: str, at: int) -> Bound:
    """The text; an error unless its spaces stand where the format has them, which strptime does not mind."""
    shape = "".join(
        _FIELD_SHAPES.get(piece, r"\S+") if piece[0] == "%" else re.escape(piece) for piece in _pieces(format_)
    )
    sql = f"text_shaped({value.sql}, {text_literal(shape)}, {text_literal(format_)}, {place(at)})"
    return replace(value, sql=sql, atom=True)


def _pieces(format_: str) -> list[str]:
    """Letters of strptime with their percent sign, and what stands between them, letter by letter."""
    return re.findall(r"%-?.|.", format_, re.S)


def _parsed(value: Bound, format_: str, at: int) -> str:
    """``strptime``; without a year it is 2000, and 1970 without a day either, where DuckDB would say 1900."""
    if any(year in format_ for year in ("%Y", "%y", "%G")):
        sql = f"strptime({value.sql}, {text_literal(format_)})"
    else:
        year = "2000" if any(day in format_ for day in _DAYS) else "1970"
        sql = f"strptime('{year} ' || {value.operand}, {text_literal('%Y ' + format_)})"
    # A weekday is read and forgotten; Athena would go to that day.
    return f"on_weekday({sql}, {value.sql}, {place(at)})" if "%a" in format_ or "%A" in format_ else sql


def _joda_parts(text: str) -> Iterator[tuple[str, int]]:
    """Letters with their repetition, and literal text as (text, 0)."""
    index = 0
    while index < len(text):
        if text[index] == "'":
            end = text.find("'", index + 1)
            while end != -1 and text[end + 1 : end + 2] == "'" and end > index + 1:
                end = text.find("'", end + 2)
            end = len(text) if end == -1 else end
            quoted = text[index + 1 : end].replace("''", "'")
            yield quoted or ("'" if end < len(text) else ""), 0
            index = end + 1
            continue
        run = len(next(iter(group_lengths(text[index:]))))
        yield (text[index], run) if text[index].isalpha() and text[index].isascii() else (text[index : index + run], 0)
        index += run


def group_lengths(text: str) -> Iterator[str]:
    """Runs of one letter."""
    for _, run in groupby(text):
        yield "".join(run)


def _joda(binder: Binder, format_: Bound) -> str:
    """The strptime format of one of Joda's."""
    result = []
    for letter, count in _joda_parts(_literal(binder, format_)):
        if count == 0:
            result.append(letter.replace("%", "%%"))
        else:
            result.append("%z" if letter in "zZ" else _joda_letter(binder, format_, letter, count))
    return "".join(result)


def _joda_letter(binder: Binder, format_: Bound, letter: str, count: int) -> str:
    choices = _JODA.get(letter)
    if choices is None:
        raise binder.error_at(format_.at, f"The format letter {letter} is not understood locally.", LOCAL_ONLY)
    if letter in "yYx" and count in (1, 3, 4):
        count = 1
    chosen = choices[min(count, len(choices)) - 1]
    if not chosen or (count > len(choices) and letter not in "EMaGe"):
        raise binder.error_at(format_.at, f"The format {letter * count} is not understood locally.", LOCAL_ONLY)
    return chosen


def _computed(letter: str, count: int, clock: str) -> str | None:
    """DuckDB text of a field that strftime has no letter for."""
    hour = f"hour({clock})"
    values = {
        "w": f"weekofyear({clock})",
        "K": f"{hour} % 12",
        "k": f"CASE WHEN {hour} = 0 THEN 24 ELSE {hour} END",
        "C": f"year({clock}) // 100",
    }
    if letter == "S":
        return f"rpad(left(strftime({clock}, '%g'), {count}), {count}, '0')"
    if letter not in values or count > 2:
        return None
    return f"two_digits({values[letter]})" if count == 2 else f"CAST({values[letter]} AS VARCHAR)"


def _joda_zone(binder: Binder, format_: Bound, letter: str, count: int, value: Bound) -> str:
    if value.type.name != "timestamp with time zone":
        raise binder.error_at(format_.at, f"A {value.type} has no zone for the format letter {letter}.")
    zone = value.type.zone
    if letter == "Z":
        if count > 2:
            return text_literal(zone)
        offset = f"zone_text(datediff('minute', {value.sql}, {local(value)}))"
        return offset if count == 2 else f"replace({offset}, ':', '')"
    if zone == "UTC" or zone[0] in "+-":
        return text_literal("Coordinated Universal Time" if zone == "UTC" and count > 3 else zone)
    raise binder.error_at(
        format_.at, f"The format {letter * count} of zone {zone} is not understood locally.", LOCAL_ONLY
    )


def _format_datetime(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, format_ = arguments
    clock = _to_millisecond(value)
    pieces: list[str] = []
    plain = ""
    for letter, count in _joda_parts(_literal(binder, format_)):
        computed = _joda_zone(binder, format_, letter, count, value) if count and letter in "zZ" else None
        computed = computed or (_computed(letter, count, clock) if count else None)
        if computed is None:
            plain += _joda_letter(binder, format_, letter, count) if count else letter.replace("%", "%%")
            continue
        pieces += [f"strftime({clock}, {text_literal(plain)})", computed] if plain else [computed]
        plain = ""
    if plain or not pieces:
        pieces.append(f"strftime({clock}, {text_literal(plain)})")
    return derived(f"({' || '.join(pieces)})" if len(pieces) > 1 else pieces[0], VARCHAR, [value], at)


def _parse_datetime(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, format_ = arguments
    text = _joda(binder, format_)
    zone = _written_zone(value) if "%z" in text else "UTC"
    if text.endswith("%z"):
        value = replace(value, sql=f"regexp_replace({value.sql}, 'Z$', '+00')", atom=True)
    _check_half_day(binder, format_, text)
    value = _shaped(value, text, at)
    sql = _parsed(value, text, at)
    if ("%I" in text or "%-I" in text) and "%p" not in text:
        sql = f"hour_of_half_day({sql})"
    if "%y" in text:
        # Joda takes two digits as a year from 80 years ago to 19 ahead.
        sql = f"two_digit_year({sql}, year(now()) - 80)"
    if "%z" in text:
        if not isinstance(value.literal, str):
            binder.notice("Zones read from text are brought to UTC locally; the instants are the same.")
        sql = f"timezone('UTC', {sql})"
    return derived(instant(sql, "UTC"), types.zoned(3, zone), [value], at)


def _written_zone(value: Bound) -> str:
    """The offset a literal text holds after its time."""
    found = _OFFSET.search(value.literal) if isinstance(value.literal, str) else None
    return zone_name(f"{found[1]}{found[2]}:{found[3]}") or "UTC" if found else "UTC"


REWRITES = {
    "date_format": _date_format,
    "date_parse": _date_parse,
    "format_datetime": _format_datetime,
    "parse_datetime": _parse_datetime,
}
