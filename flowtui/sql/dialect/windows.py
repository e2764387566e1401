"""ORDER BY items, windows and frames."""

from __future__ import annotations

from sqlglot import exp

from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, place
from flowtui.sql.dialect.ordering import refuse_maps, whole
from flowtui.sql.dialect.scope import Scope
from flowtui.sql.dialect.types import MONTH_INTERVAL


def bind_order(binder: Binder, node: exp.Expr, scope: Scope) -> tuple[str, list[Bound]]:
    """``ORDER BY …`` over plain expressions, with NULL last both ways unless it says otherwise."""
    items, parts = [], []
    for ordered in node.expressions:
        value = binder.expression(ordered.this, scope)
        if not value.type.is_orderable:
            raise binder.error_at(value.at, f"{value.type} has no order.")
        items.append(whole(value.sql, value.type, value.at) + direction(ordered))
        parts.append(value)
    return f"ORDER BY {', '.join(items)}", parts


def direction(ordered: exp.Expr) -> str:
    """What follows an item of ORDER BY; DuckDB's default is NULLS LAST, as Athena's is."""
    descending = " DESC" if ordered.args.get("desc") else ""
    return f"{descending} NULLS {'FIRST' if ordered.args.get('nulls_first') else 'LAST'}"


def window_text(binder: Binder, node: exp.Expr, scope: Scope) -> tuple[str, list[Bound]]:
    """The part after OVER: a named window, or one in parentheses."""
    alias = node.args.get("alias")
    if node.args.get("first") is not None or node.args.get("over") not in (None, "OVER"):
        raise binder.refused(node)
    named = ""
    if alias is not None:
        named = alias.name.lower()
        if named not in scope.windows:
            raise binder.error(alias, f"There is no window {alias.name}.")
        if not any(node.args.get(part) for part in ("partition_by", "order", "spec")):
            return f'"{named}"', []
    text, parts = window_definition(binder, node, scope)
    return (f'("{named}" {text})' if named else f"({text})"), parts


def has_order(node: exp.Expr, scope: Scope) -> bool:
    """Whether a window has an ORDER BY, its own or that of the one it names."""
    alias = node.args.get("alias")
    return node.args.get("order") is not None or (alias is not None and scope.windows.get(alias.name.lower(), False))


def window_definition(binder: Binder, node: exp.Expr, scope: Scope) -> tuple[str, list[Bound]]:
    """What stands inside the parentheses of OVER."""
    pieces, parts = [], []
    partition = [binder.expression(item, scope) for item in node.args.get("partition_by") or []]
    for item in partition:
        refuse_maps(binder, item.type, item.at, "PARTITION BY")
    if partition:
        pieces.append(f"PARTITION BY {', '.join(item.sql for item in partition)}")
        parts += partition
    if node.args.get("order") is not None:
        text, ordered = bind_order(binder, node.args["order"], scope)
        pieces.append(text)
        parts += ordered
    if node.args.get("spec") is not None:
        _check_range(binder, node)
        pieces.append(_frame(binder, node.args["spec"], scope, parts))
    if any(part.window for part in parts):
        raise binder.error(node, "A window function cannot stand inside OVER.", "Use a subquery.")
    return " ".join(pieces), parts


def _frame(binder: Binder, spec: exp.Expr, scope: Scope, parts: list[Bound]) -> str:
    if spec.args.get("exclude"):
        raise binder.error(spec, "Athena has no EXCLUDE in a frame.")
    start = _edge(binder, spec, "start", scope, parts)
    kind = str(spec.args.get("kind") or "ROWS").upper()
    _check_edges(binder, spec, start)
    if spec.args.get("end") is None:
        return f"{kind} {start}"
    return f"{kind} BETWEEN {start} AND {_edge(binder, spec, 'end', scope, parts)}"


def _check_range(binder: Binder, node: exp.Expr) -> None:
    """RANGE with a distance measures it along the one thing that rows are ordered by."""
    spec, order = node.args["spec"], node.args.get("order")
    measured = any(isinstance(spec.args.get(which), exp.Expr) for which in ("start", "end"))
    kind = str(spec.args.get("kind") or "ROWS").upper()
    if kind == "RANGE" and measured and (order is None or len(order.expressions) != 1):
        raise binder.error(node, "RANGE with a distance needs ORDER BY with exactly one expression.")
    if kind == "GROUPS" and order is None:
        raise binder.error(node, "GROUPS needs ORDER BY.")


_LATER = {"PRECEDING": 0, "CURRENT ROW": 1, "FOLLOWING": 2}


def _check_edges(binder: Binder, spec: exp.Expr, start: str) -> None:
    """A frame does not end before it begins."""
    first = _side(spec, "start")
    last = _side(spec, "end") if spec.args.get("end") is not None else "CURRENT ROW"
    if _LATER[first] > _LATER[last] or (start == "UNBOUNDED FOLLOWING"):
        raise binder.error(spec, f"A frame that begins at {first} cannot end at {last}.")


def _side(spec: exp.Expr, which: str) -> str:
    side = str(spec.args.get(f"{which}_side") or "").upper()
    return side if side in _LATER else "CURRENT ROW"


def _edge(binder: Binder, spec: exp.Expr, which: str, scope: Scope, parts: list[Bound]) -> str:
    value = spec.args.get(which)
    side = str(spec.args.get(f"{which}_side") or "").upper()
    if isinstance(value, str):
        return value.upper() if value.upper() == "CURRENT ROW" else f"{value.upper()} {side}"
    if value is None:
        raise binder.error(spec, "The frame is incomplete.")
    bound = binder.expression(value, scope)
    ranged = str(spec.args.get("kind") or "ROWS").upper() == "RANGE"
    if not (bound.type.is_number or (ranged and bound.type.is_interval)):
        raise binder.error_at(bound.at, f"A frame counts in numbers, this is {bound.type}.")
    parts.append(bound)
    if bound.type.is_interval:
        unit = "to_months" if bound.type == MONTH_INTERVAL else "to_milliseconds"
        return f"{unit}({_distance(bound)}) {side}"
    return f"{_distance(bound)} {side}"


def _distance(bound: Bound) -> str:
    """What DuckDB would refuse without a place, or take for something else, is refused before."""
    fine = isinstance(bound.literal, (int, float)) and bound.literal >= 0
    return bound.operand if fine else f"frame_distance({bound.sql}, {place(bound.at)})"
