"""The left side of the SQL screen: tables with their columns, and the examples library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from flowtui.records.labels import clean
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE
from flowtui.tui.sql.runner import TableInfo
from flowtui.tui.widgets.fit import fit, shorten
from flowtui.tui.widgets.short import short_count

if TYPE_CHECKING:
    from flowtui.sql.library import Example


# What the tree's width leaves of a line beside padding, guide and scroll bar.
EXAMPLE_CELLS = 31


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line of the tree stands for: text to insert, or an example to open."""

    insert: str = ""
    example: Example | None = None


class SqlSide(Tree[Entry]):
    """Posts :class:`Insert` for a table or column and :class:`Open` for an example."""

    DEFAULT_CSS = """
    SqlSide { width: 36; padding: 0 1; background: $surface; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    class Insert(Message):
        """A table's or column's name was taken."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Open(Message):
        """An example was taken."""

        def __init__(self, example: Example) -> None:
            super().__init__()
            self.example = example

    def __init__(self, *, id: str) -> None:
        super().__init__("", id=id)
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self._tables: TreeNode[Entry] | None = None
        self._examples: TreeNode[Entry] | None = None

    def on_mount(self) -> None:
        """Two groups, filled later."""
        self._tables = self.root.add(Text("tables", "bold"), expand=True)
        self._examples = self.root.add(Text("examples", "bold"), expand=True)

    def show_tables(self, tables: Sequence[TableInfo]) -> None:
        """Put the tables in, those that were open stay open."""
        group = self._tables
        if group is None:
            return
        opened = {str(node.data.insert) for node in group.children if node.is_expanded and node.data}
        group.remove_children()
        for table in tables:
            name = f"{table.database}.{table.name}"
            rows = short_count(table.rows) if table.rows is not None else ""
            shown = table.name if table.database == DEFAULT_DATABASE else name
            label = Text.assemble((fit(clean(shown), 20), "bold"), (fit(rows, 6, right=True), "dim"))
            node = group.add(label, Entry(name), expand=name in opened)
            for column, kind in table.columns:
                line = Text.assemble(fit(clean(column), 16), (f" {clean(kind)}", "dim"))
                node.add_leaf(line, Entry(column))

    def show_examples(self, examples: Sequence[Example]) -> None:
        """Put the examples in."""
        group = self._examples
        if group is None:
            return
        group.remove_children()
        for example in examples:
            group.add_leaf(Text(shorten(clean(example.title), EXAMPLE_CELLS)), Entry(example=example))

    @on(Tree.NodeSelected)
    def _taken(self, event: Tree.NodeSelected[Entry]) -> None:
        event.stop()
        entry = event.node.data
        if entry is None:
            return
        if entry.example is not None:
            self.post_message(self.Open(entry.example))
        elif not event.node.allow_expand:
            self.post_message(self.Insert(entry.insert))
