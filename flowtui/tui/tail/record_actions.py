"""The Tail screen's keys for one record: explain it, show it whole, ask SQL about it, copy it, save what is listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from textual.content import Content

from flowtui.records.labels import clean
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser
from flowtui.times import count
from flowtui.tui.console import log_group_url
from flowtui.tui.requests import SqlRequest
from flowtui.tui.tail import save
from flowtui.tui.tail.base import TailBase
from flowtui.tui.tail.columns import outcome
from flowtui.tui.tail.explain import REJECT_NOTE, details, headline, moment, relatives, why
from flowtui.tui.tail.gap_words import gap_facts, gap_text
from flowtui.tui.tail.lines import HeldLine
from flowtui.tui.tail.pivot import best_query, rows_by_table
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.pick import PickModal

_MOST_SHOWN = 4000
"""Characters of a line that is no record."""

RECORD_ACTIONS = frozenset({"why", "sql", "record", "save"})


class RecordActions(TailBase):
    """Everything that starts from the record under the cursor."""

    def action_why(self) -> None:
        """What is known about the record's outcome, or about a gap."""
        if self._show_gap():
            return
        selected = self.selected()
        if selected is None:
            return
        line, record = selected
        title = f"Why   {headline(record, self.view.names, self.glyphs)}   {moment(record.start)[11:]}"
        note = REJECT_NOTE if outcome(record) == "REJECT" else ""
        facts = [*why(line, record, self.view.names), ("Here", relatives(record, self._everything()))]
        self.app.push_screen(FactsModal(title, facts, note=note, copy=line.raw))

    def action_record(self) -> None:
        """Every field of the record; the text of a line that fits no layout; what is known about a gap."""
        if self._show_gap():
            return
        line = self.line
        record = line.record if line else None
        if line is not None and record is None:
            facts = [("Why", self._why_unreadable(line)), ("Stream", clean(line.stream))]
            facts.append(("Line", clean(line.raw[:_MOST_SHOWN])))
            if len(line.raw) > _MOST_SHOWN:
                facts.append(("", f"the first of {len(line.raw):,} characters; y copies them all"))
            self.app.push_screen(FactsModal("A line that fits no format of its log group", facts, copy=line.raw))
            return
        selected = self.selected()
        if selected is not None:
            line, record = selected
            self.app.push_screen(
                FactsModal(headline(record, self.view.names, self.glyphs), details(record), copy=line.raw)
            )

    def _why_unreadable(self, line: HeldLine) -> str:
        """What a line lacks to be a record: tens of thousands may be held, so its reason is not kept with each."""
        found = self.source_found
        try:
            ShapeParser(found.source.layouts if found else ()).parse(line.raw)
        except RejectedLine as error:
            return clean(error.reason)
        return ""

    def _show_gap(self) -> bool:
        """Tell about the gap under the cursor, if it is one."""
        gap = self.gap
        if gap is not None:
            text = gap_text(gap, self.glyphs, 10_000)
            self.app.push_screen(FactsModal("A gap in Live Tail", gap_facts(gap), copy=text))
        return gap is not None

    def action_sql(self) -> None:
        """Ask the workspace about this flow, over the table that has its rows; run it where there are any."""
        selected = self.selected()
        if selected is None:
            return
        record, workspace = selected[1], self.flow.context.workspace

        def look(_: Event) -> Iterator[dict[str, int]]:
            from flowtui.sql.duckdb_engine import DuckDBEngine

            yield rows_by_table(DuckDBEngine(workspace().cursor), record)

        def ask(rows: dict[str, int]) -> None:
            text = best_query(record, rows, kept=self.flow.context.settings.live)
            self.flow.open_sql(SqlRequest(text, "flow", run=any(rows.values())))

        self.run_job("pivot", look, ask, busy="looking for the flow in the workspace", keep=False)

    def copy_text(self) -> str:
        """The record's addresses and port, as one would paste them; of one without addresses its interface."""
        line = self.line
        record = line.record if line else None
        if line is None or record is None:
            return ""
        addresses = [address for address in (record.srcaddr, record.dstaddr) if address not in ("", "-")]
        if not addresses:
            return line.interface_id.strip("-")
        return " ".join([*addresses, str(record.dstport)] if record.dstport else addresses)

    def copy_line(self) -> str:
        """The line as it came; the mark of a gap as it reads."""
        if self.gap:
            return gap_text(self.gap, self.glyphs, 10_000)
        return self.line.raw if self.line else ""

    def console_url(self) -> str:
        """The page of the log group that is tailed, of several the first."""
        group = self.source_found.source.groups[0] if self.source_found else None
        return log_group_url(group.region, group.name) if group else ""

    def _everything(self) -> list[HeldLine]:
        ring = self.view.ring
        return [row for _, row in ring.numbered(ring.first, ring.end) if isinstance(row, HeldLine)]

    # Saving

    def action_save(self) -> None:
        """Save the records listed, or all there are, to a file."""
        listed = [row for row in self.view.shown_items() if isinstance(row, HeldLine)]
        everything = self._everything()
        if not everything:
            self.flow.warn("There are no records to save.")
        elif len(listed) == len(everything):
            self._ask_where(everything)
        else:
            choices = [Content(f"the {len(listed):,} listed"), Content(f"all {len(everything):,}")]

            def chosen(position: int | None) -> None:
                if position is not None:
                    self._ask_where((listed, everything)[position])

            self.app.push_screen(PickModal("Save which records?", choices), chosen)

    def _ask_where(self, lines: Sequence[HeldLine]) -> None:
        if not lines:
            self.flow.warn("No record passes the filter; there is nothing to save.")
            return
        name = save.suggested_name(self.pane.state.label, self.account().clock())

        def write(text: str | None) -> None:
            if text is not None:
                self._write(lines, text)

        self.app.push_screen(AskModal(f"Save {len(lines):,} records to", name, save.HINT, check=save.check_path), write)

    def _write(self, lines: Sequence[HeldLine], text: str) -> None:
        path = save.check_path(text)
        left = save.left_out(lines, path)
        kept = len(lines) - left
        if not kept:
            self.flow.warn(f"None of them fits a format, which .log needs; {save.WHOLE} keep them.")
            return
        files = save.files_of(lines, path)
        said = f"Saved {count(kept, 'record')} to {', '.join(map(str, files))}."
        if len(files) > 1:
            said += " Each format of records has a file of its own."
        if left:
            said += f" Left out because they fit no format: {left:,}; {save.WHOLE} keep them."

        def moved(written: int) -> None:
            self.set_busy("save", f"saving {written:,} of {kept:,}")

        self.run_job(
            "save",
            lambda _: save.save(lines, path),
            moved,
            done=lambda: self.notify(said, markup=False),
            busy=f"saving {count(kept, 'record')}",
        )
