"""What the mark of a gap says: in its row, and in full when it is opened."""

from __future__ import annotations

from flowtui.records.labels import clean
from flowtui.times import count
from flowtui.tui.tail.columns import clock_text
from flowtui.tui.tail.explain import Facts, moment
from flowtui.tui.tail.lines import GapRow
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.fit import shorten

_NEEDED = "logs:FilterLogEvents"


def gap_text(gap: GapRow, glyphs: Glyphs, width: int) -> str:
    """A gap's row: from when to when, what became of it, and as much of the reason as there is room for."""
    span = f"{clock_text(int(gap.began_s))} {glyphs.dash} {clock_text(int(gap.ended_s))}"
    edge = glyphs.line * 2
    text = shorten(f"{span} {_state(gap)}: {clean(gap.why)}", width - 2 * len(edge) - 2, glyphs.ellipsis)
    return f"{edge} {text} {edge}"


def _state(gap: GapRow) -> str:
    if gap.missing:
        return "gap, records missing"
    if gap.found is None:
        return "gap, being read again"
    return f"gap filled, {gap.found:,} read again" if gap.found else "gap, nothing missed"


def gap_facts(gap: GapRow) -> Facts:
    """The same in full, and what to do about it."""
    facts = [("From", f"{moment(int(gap.began_s))} UTC, when Live Tail was last heard of")]
    facts.append(("To", f"{moment(int(gap.ended_s))} UTC, {max(0.0, gap.ended_s - gap.began_s):,.0f} s later"))
    facts.append(("Why", clean(gap.why)))
    if gap.groups:
        facts.append(("Log groups" if len(gap.groups) > 1 else "Log group", clean(", ".join(gap.groups))))
    facts.append(("", ""))
    if gap.missing:
        facts.append(("Missing", f"what arrived meanwhile; reading it needs {_NEEDED}"))
        facts.append(("To do", f"ask for {_NEEDED}, then begin again with 1 to 6"))
    elif gap.found is None:
        facts.append(("Missing", "not known yet: FilterLogEvents is read again, some seconds behind what arrives"))
        facts.append(("To do", "nothing; the mark tells when it is filled"))
    else:
        facts.append(("Missing", "nothing: FilterLogEvents has told everything that arrived meanwhile"))
        facts.append(("Read again", f"{count(gap.found, 'record')}, after the mark"))
    return facts
