"""Moments: units, truncation, differences, zones."""

from __future__ import annotations

from dataclasses import replace

from flowtui.sql.dialect import moments, types
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, derived, place
from flowtui.sql.dialect.casts import cast, moment_text
from flowtui.sql.dialect.moments import instant, local
from flowtui.sql.dialect.names import nearest
from flowtui.sql.dialect.types import BIGINT, DATE, VARCHAR, Type
from flowtui.sql.dialect.values import at_zone, zone_literal

_LENGTH_MS = {
    "millisecond": 1,
    "second": 1000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 604_800_000,
}
_MILLISECOND_DIGITS = 3
_DAY_MS = 86_400_000
_LENGTH_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_UNITS = (*_LENGTH_MS, *_LENGTH_MONTHS)


def _unit(binder: Binder, unit: Bound, type_: Type) -> str:
    """The unit a literal names; computed units are not available locally."""
    if not isinstance(unit.literal, str):
        hint = "Athena takes any expression here; run the statement with --engine athena."
        raise binder.error_at(unit.at, "Locally the unit must be a literal, such as 'hour'.", hint)
    name = unit.literal.lower()
    days = {word: _LENGTH_MS.get(word, _DAY_MS) >= _DAY_MS for word in _UNITS}
    known = [word for word in _UNITS if days[word] or type_ != DATE]
    known = [word for word in known if not days[word]] if type_.name == "time" else known
    if name not in known:
        hint = nearest(name, known) or "Units: " + ", ".join(known)
        raise binder.error_at(unit.at, f"'{unit.literal}' is no unit of {type_}.", hint)
    return name


def _on_a_day(time: Bound) -> str:
    """A time of day as a timestamp, which DuckDB calculates with."""
    return f"(DATE '2000-01-01' + {time.operand})"


def _date_trunc(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    unit, value = arguments
    if value.type.name == "time":
        sql = f"CAST(date_trunc('{_unit(binder, unit, value.type)}', {_on_a_day(value)}) AS TIME)"
        return derived(sql, value.type, [value], at)
    sql = f"date_trunc('{_unit(binder, unit, value.type)}', {local(value)})"
    sql = f"CAST({sql} AS DATE)" if value.type == DATE else instant(sql, value.type.zone)
    return derived(sql, value.type, [value], at)


def _date_add(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    unit, count, value = arguments
    name = _unit(binder, unit, value.type)
    parts = [count, value]
    if value.type.name == "time":
        moved = f"{_on_a_day(value)} + to_milliseconds({count.operand} * {_LENGTH_MS[name]})"
        coarse = name == "millisecond" and value.type.args[0] < _MILLISECOND_DIGITS
        moved = f"round_moment({moved}, {10 ** (6 - value.type.args[0])})" if coarse else moved
        return derived(f"CAST({moved} AS TIME)", value.type, parts, at)
    if name in _LENGTH_MONTHS:
        months = count.operand if name == "month" else f"{count.operand} * {_LENGTH_MONTHS[name]}"
        moved = f"{local(value)} + to_months(CAST({months} AS INTEGER))"
        sql = f"CAST({moved} AS DATE)" if value.type == DATE else instant(f"({moved})", value.type.zone)
        return derived(sql, value.type, parts, at)
    if value.type == DATE:
        days = count.operand if name == "day" else f"{count.operand} * 7"
        return derived(f"({value.operand} + CAST({days} AS INTEGER))", DATE, parts, at)
    moved = f"({local(value)} + to_milliseconds({count.operand} * {_LENGTH_MS[name]}))"
    if name not in ("day", "week"):
        # Hours and shorter are exact time, whatever the clocks of the zone do in between.
        moved = f"({value.operand} + to_milliseconds({count.operand} * {_LENGTH_MS[name]}))"
        coarse = name == "millisecond" and value.type.args[0] < _MILLISECOND_DIGITS
        moved = f"round_moment({moved}, {10 ** (6 - value.type.args[0])})" if coarse else moved
        return derived(moved, value.type, parts, at)
    return derived(instant(moved, value.type.zone), value.type, parts, at)


def _date_diff(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    unit, start, end = arguments
    name = _unit(binder, unit, start.type)
    if start.type.name == "time":
        sql = f"((epoch_us({_on_a_day(end)}) - epoch_us({_on_a_day(start)})) // {_LENGTH_MS[name] * 1000})"
        return derived(sql, BIGINT, [start, end], at)
    if start.type.name == "timestamp with time zone":
        end = replace(end, type=start.type)  # both are seen by the clock of the first
    parts = [start, end]
    if name in _LENGTH_MONTHS:
        months = f"complete_months({local(start)}, {local(end)})"
        sql = months if name == "month" else f"({months} // {_LENGTH_MONTHS[name]})"
        return derived(sql, BIGINT, parts, at)
    if start.type == DATE:
        days = f"CAST({end.operand} - {start.operand} AS BIGINT)"
        return derived(days if name == "day" else f"({days} // 7)", BIGINT, parts, at)
    # Days and weeks follow the clock of the zone, shorter units the instants.
    first, last = (local(start), local(end)) if name in ("day", "week") else (start.sql, end.sql)
    return derived(f"((milliseconds_of({last}) - milliseconds_of({first})) // {_LENGTH_MS[name]})", BIGINT, parts, at)


def _to_date(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    return cast(binder, arguments[0], DATE, at)


def _at_zone(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    return at_zone(binder, arguments[0], arguments[1])


def _with_zone(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, zone = arguments
    name = zone_literal(binder, zone)
    return derived(instant(value.sql, name), types.zoned(moments.precision(value.type), name), [value], at)


def _from_unixtime(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    if len(arguments) == 3:
        numbers = [argument.literal for argument in arguments[1:]]
        if not all(isinstance(number, int) for number in numbers):
            raise binder.error_at(arguments[1].at, "Locally the hours and minutes of the zone must be literals.")
        hours, minutes = (int(number or 0) for number in numbers)
        if abs(hours * 60 + minutes) > 14 * 60:
            raise binder.error_at(arguments[1].at, f"An offset of {hours * 60 + minutes} minutes is no time zone.")
        sign = "-" if hours * 60 + minutes < 0 else "+"
        hours, minutes = divmod(abs(hours * 60 + minutes), 60)
        name = moments.zone_name(f"{sign}{hours:02}:{minutes:02}") or "UTC"
    else:
        name = zone_literal(binder, arguments[1])
    macro = f"from_{'whole_' if value.type.is_integer else ''}seconds({value.sql}, {place(at)})"
    return derived(macro, types.zoned(3, name), [value], at)


def _to_unixtime(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    return derived(f"epoch({arguments[0].sql})", types.DOUBLE, arguments, at)


def _to_iso8601(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    zone = value.type.zone
    shown = replace(value, sql=local(value), type=types.timestamp(moments.precision(value.type)))
    sql = f"replace({moment_text(shown)}, ' ', 'T')"
    digits = moments.precision(value.type)
    kind = types.varchar((22 if value.type.name == "timestamp" else 28) + (digits + 1 if digits else 0))
    if value.type.name == "timestamp":
        return derived(sql, kind, arguments, at)
    if zone == "UTC" or zone[0] in "+-":
        return derived(f"({sql} || '{'Z' if zone == 'UTC' else zone}')", kind, arguments, at)
    minutes = f"datediff('minute', {value.sql}, {local(value)})"
    return derived(f"({sql} || zone_text({minutes}))", kind, arguments, at)


def _iso_moment(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    zone = "UTC"
    if isinstance(value.literal, str):
        read = moments.read_moment(value.literal.replace("T", " ", 1)) if "T" in value.literal else None
        zone = read[1].zone if read else "UTC"
    else:
        binder.notice("Zones read from text are brought to UTC locally; the instants are the same.")
    return derived(f"iso_moment({value.sql}, {place(at)})", types.zoned(3, zone), arguments, at)


def _zone_of(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    return derived(f"'{arguments[0].type.zone}'", VARCHAR, arguments, at)


def _zone_hour(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    return derived(f"(datediff('minute', {value.sql}, {local(value)}) // 60)", BIGINT, arguments, at)


def _zone_minute(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    return derived(f"(datediff('minute', {value.sql}, {local(value)}) % 60)", BIGINT, arguments, at)


REWRITES = {
    "date_trunc": _date_trunc,
    "date_add": _date_add,
    "date_diff": _date_diff,
    "to_date": _to_date,
    "at_zone": _at_zone,
    "with_zone": _with_zone,
    "from_unixtime": _from_unixtime,
    "to_unixtime": _to_unixtime,
    "to_iso8601": _to_iso8601,
    "iso_moment": _iso_moment,
    "zone_of": _zone_of,
    "zone_hour": _zone_hour,
    "zone_minute": _zone_minute,
}
