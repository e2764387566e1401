"""The Tail screen's keys for the list: what is shown of it, how, and the ways through it."""

from __future__ import annotations

from textual.content import Content

from flowtui.errors import UsageError
from flowtui.records.filter import Filter, FilterError
from flowtui.records.labels import clean
from flowtui.tui.tail.base import TailBase
from flowtui.tui.tail.columns import clock_text
from flowtui.tui.tail.lines import HeldLine
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.pick import PickModal

LIST_ACTIONS = frozenset(
    {
        "info",
        "pause",
        "follow",
        "names",
        "add_filter",
        "drop_filter",
        "filters",
        "context",
        "highlight",
        "unhighlight",
        "jump",
    }
    | {"bookmark", "marks", "mark"}
)


class ListActions(TailBase):
    """Follow, pause, filters, highlights, bookmarks."""

    def action_pause(self) -> None:
        """Hold new records back, or let them in."""
        self.view.set_paused(not self.view.paused)

    def action_follow(self) -> None:
        """Stay at the newest record."""
        self.view.set_follow(True)

    def action_names(self) -> None:
        """Names or raw ids."""
        self.view.show_names = not self.view.show_names
        self.view.refresh()

    def action_info(self) -> None:
        """Everything about the tail that the lines around the list may have no room for."""
        found, counts = self.source_found, self.pane.counts()
        facts = [*self.pane.state.facts(), ("Records", f"{counts.held:,} here, {counts.evicted:,} older ones gone")]
        kept = self.flow.context.settings.live
        facts.append(("Kept", "in vpc_flow_logs.live; L ends it" if kept else "not in the workspace; L begins it"))
        for group in found.source.groups if found else ():
            formats = ", ".join(f"version {layout.version} ({len(layout.names)} fields)" for layout in group.layouts)
            facts.append(("Log group", f"{clean(group.name)} in {group.region}, {formats}"))
        self.app.push_screen(FactsModal(f"Tail   {self.pane.state.label}", facts))

    # Filters

    def action_add_filter(self) -> None:
        """Keep the filter and type another over it."""
        self.filters.aside = False
        self.filters.keep()
        self.filter_text = ""
        self.pane.filters_changed()
        self.action_filter_line()

    def action_drop_filter(self) -> None:
        """Take the newest filter away."""
        self.filters.aside = False
        text = self.filters.remove_last()
        self.filter_text = ""
        self.pane.filters_changed()
        if not text:
            self.flow.warn("There is no filter.")

    def action_filters(self) -> None:
        """List the filters; the one taken is switched off, or on again."""
        if self.filters.top:
            self.filters.keep()
            self.filter_text = ""
        layers = self.filters.layers

        def taken(position: int | None) -> None:
            if position is not None:
                self.filters.switch(position)
                self.pane.filters_changed()
                self.action_filters()

        lines = [
            Content.assemble(("on   ", "$success") if layer.on else ("off  ", "$muted"), clean(layer.filter.text))
            for layer in layers
        ]
        empty = "No filter. / sets one, + adds one over it."
        self.app.push_screen(PickModal("Filters; enter switches one off or on", lines, empty=empty), taken)

    def action_context(self) -> None:
        """Set the filters aside or bring them back; the record under the cursor stays."""
        filters, number = self.filters, self.view.cursor_number
        if not filters.aside and filters.test() is None:
            self.flow.warn("There is no filter to set aside.")
            return
        filters.aside = not filters.aside
        self.view.set_follow(False)
        self.pane.filters_changed()
        if number is not None:
            self.view.go_to_middle(number)

    # Highlights

    def action_highlight(self) -> None:
        """Ask for something to highlight, in the language of filters."""
        fields = self.view.fields

        def check(text: str) -> None:
            try:
                wanted = Filter.parse(text, fields)
            except FilterError as error:
                raise UsageError(str(error)) from None
            if not wanted:
                raise UsageError("Nothing to highlight.", "esc leaves.")

        def add(text: str | None) -> None:
            if text:
                self.view.highlights.add(text, fields)
                self.view.go_on_scanning()
                self.view.refresh()

        hint = "A word, action=REJECT, port=22, src=10.0.0.0/16, /regex/. n and N go from one to the next; H ends it."
        self.app.push_screen(AskModal("Highlight", "", hint, check=check), add)

    def action_unhighlight(self) -> None:
        """Take the newest highlight away."""
        if not self.view.highlights.remove_last():
            self.flow.warn("Nothing is highlighted; h highlights.")
        self.view.refresh()
        self.pane.tick()

    def action_jump(self, step: int) -> None:
        """Go to the next or the previous record that has the newest highlight."""
        highlights, number = self.view.highlights, self.view.cursor_number
        if not highlights.all:
            self.flow.warn("Nothing is highlighted; h highlights.")
        elif number is not None:
            found = highlights.next_to(number, step)
            if found is None or not self.view.lists(found):
                self.flow.warn(f"No {'later' if step > 0 else 'earlier'} record here has it.")
            else:
                self.view.go_to(found)

    # Bookmarks

    def action_bookmark(self) -> None:
        """Put a bookmark on the record, or take it away."""
        number, line = self.view.cursor_number, self.line
        if self.gap:
            self.flow.warn("The mark of a gap takes no bookmark.")
        elif number is not None and line is not None:
            self.view.bookmarks.turn(number, line)
            self.view.refresh()

    def action_mark(self, step: int) -> None:
        """Go to the next bookmark, or the one before."""
        number = self.view.cursor_number
        found = None if number is None else self.view.bookmarks.next_to(number, step)
        if found is None:
            self.flow.warn(f"No bookmark {'below' if step > 0 else 'above'}; m sets one.")
        else:
            self._go_to_mark(found)

    def action_marks(self) -> None:
        """List the bookmarks and go to one."""
        marks = self.view.bookmarks.listed()

        def taken(position: int | None) -> None:
            if position is not None:
                self._go_to_mark(marks[position][0])

        lines = [Content(self._mark_text(number, line)) for number, line in marks]
        self.app.push_screen(PickModal("Bookmarks", lines, empty="No bookmark. m puts one on a record."), taken)

    def _mark_text(self, number: int, line: HeldLine) -> str:
        record = line.record
        time = f"{clock_text(record.start)}  " if record else ""
        gone = "" if number in self.view.ring else "(no longer in the list)  "
        return f"{time}{gone}{clean(line.raw[:300])}"

    def _go_to_mark(self, number: int) -> None:
        if number not in self.view.ring:
            self.flow.warn("That record is no longer in the list; M still shows it.")
            return
        if not self.view.lists(number) and not self.filters.aside and self.filters.test():
            self.filters.aside = True
            self.pane.filters_changed()
        self.view.go_to_middle(number)
