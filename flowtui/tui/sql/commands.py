"""The SQL screen's commands. In the editor letters are text, so what must work there is a function key or ctrl."""

from __future__ import annotations

from flowtui.tui.commands import Command, declare

SQL_COMMANDS = declare(
    Command("sql.run", "f5,ctrl+j", "run", "run", "Run the statement at the cursor.", footer=True, priority=True),
    Command("sql.history", "f8", "history", "history", "Take a statement that was run before.", footer=True),
    Command("sql.engine", "f9", "engine", "engine", "Switch between DuckDB and Athena.", footer=True, priority=True),
    Command("sql.ddl", "f10", "ddl", "ddl", "Write the Athena tables for a flow log into a new tab.", priority=True),
    Command("sql.export", "ctrl+e", "export", "export", "Write the result to a file.", footer=True, priority=True),
    Command("sql.tables", "ctrl+o", "tables", "tables", "Show or hide the tables.", footer=True, priority=True),
    Command("sql.limit", "ctrl+l", "limit", "limit", "Fetch more rows, or fewer.", footer=True, priority=True),
    Command(
        "sql.complete",
        "ctrl+@,ctrl+space",
        "complete",
        "complete",
        "Offer what the word at the cursor may become; tab takes it.",
        priority=True,
    ),
    Command("sql.new_tab", "ctrl+n", "new_tab", "new tab", "Open an empty tab.", priority=True),
    Command("sql.next_tab", "ctrl+pagedown", "turn_tab(1)", "next tab", "Go to the next tab.", priority=True),
    Command("sql.previous_tab", "ctrl+pageup", "turn_tab(-1)", "last tab", "Go to the tab before.", priority=True),
    Command(
        "sql.inventory",
        "alt+i",
        "inventory",
        "inventory",
        "Keep interfaces, instances, security groups and VPCs in the tables of aws, to join them with records.",
        priority=True,
    ),
    Command("sql.tail", "ctrl+g", "app.show('tail')", "tail", "Go to Tail: F5 runs here.", priority=True),
    Command("sql.close_tab", "alt+w", "close_tab", "close tab", "Close the tab.", priority=True),
)

GRID_COMMANDS = declare(
    Command("sql.chart", "c", "chart", "chart", "Draw the result.", footer=True),
    Command("sql.sort", "s", "sort", "sort", "Sort by the column under the cursor; again turns it round."),
    Command("sql.raw", "u", "raw", "raw", "Show sizes and times as words, or as the numbers they are."),
    Command("sql.row", "d", "row", "row", "Show the whole row, one column a line.", footer=True),
    Command("sql.cell", "enter", "cell", "cell", "Show the whole value of the cell.", footer=True),
)
