"""The first line of the SQL screen: what is asked, how much there is, the tabs."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from flowtui.records.labels import clean
from flowtui.tui.sql.runner import DUCKDB, Contents
from flowtui.tui.sql.tabs import Tabs
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.fit import shorten
from flowtui.tui.widgets.short import short_count


def title_line(
    width: int,
    glyphs: Glyphs,
    contents: Contents | None,
    problem: str,
    tabs: Tabs,
    limit: int,
    engine: str = DUCKDB,
    forecast: str = "",
) -> Content:
    """Engine, what there is to ask (or why it cannot be opened), the tabs on the right.

    On Athena that is the forecast; what the workspace holds does not matter there.
    """
    tab_line = tabs.line(width // 2)
    room = width - tab_line.cell_length - len(engine) - 6
    if engine != DUCKDB:
        told = (shorten(clean(forecast.replace(" · ", f" {glyphs.dot} ")), room, glyphs.ellipsis), "$muted")
    elif problem:
        told = (shorten(f"{glyphs.warning} {problem}", room, glyphs.ellipsis), "$warning")
    else:
        dot = f" {glyphs.dot} "
        facts = [*_facts(contents, glyphs), f"up to {limit:,} rows"]
        # How much there is and how much is shown go last; the rest is also in the side panel.
        while len(facts) > 2 and cell_len(dot.join(facts)) > room:
            del facts[-2]
        told = (shorten(dot.join(facts), room, glyphs.ellipsis), "$muted")
    left = Content.assemble((f" {engine}", "bold" if engine == DUCKDB else "bold $accent"), "   ", told)
    gap = max(1, width - left.cell_length - tab_line.cell_length - 1)
    return Content.assemble(left, " " * gap, tab_line)


def _facts(contents: Contents | None, glyphs: Glyphs) -> list[str]:
    if contents is None:
        return [f"opening the workspace{glyphs.ellipsis}"]
    summary = contents.summary
    live = [f"{short_count(contents.live)} live"] if contents.live else []
    if not summary.objects:
        return ["nothing loaded", *live] if live else ["an empty workspace"]
    facts = [f"{short_count(summary.records + summary.transit_gateway_records)} records"]
    if summary.first_dt and summary.last_dt:
        days = summary.first_dt if summary.first_dt == summary.last_dt else f"{summary.first_dt} to {summary.last_dt}"
        facts.append(days)
    count = len(summary.layouts)
    facts.append(f"{count} format{'s' * (count != 1)}")
    return [*facts, *live]
