"""F3: one VPC: its flow logs at every level, the doctor's findings, its interfaces by name."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from flowtui.aws.models import FlowLog, Interface
from flowtui.errors import FlowTuiError
from flowtui.insight.doctor import Finding
from flowtui.records.labels import clean
from flowtui.tui.base import FlowScreen
from flowtui.tui.commands import Command, bindings, declare
from flowtui.tui.console import interface_url, vpc_url
from flowtui.tui.detail.facts import Diagnosis, Surroundings, look
from flowtui.tui.detail.rows import (
    FINDING_COLUMNS,
    FLOW_LOG_COLUMNS,
    INTERFACE_COLUMNS,
    by_severity,
    finding_row,
    flow_log_row,
    interface_row,
    logged_by,
    with_words,
)
from flowtui.tui.detail.texts import conversations, finding_text, flow_log_text, interface_text, vpc_text, whole
from flowtui.tui.requests import LogsRequest, Request, SqlRequest, TailRequest, VpcRequest
from flowtui.tui.widgets.brief import Brief
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.table import Row, Table
from flowtui.tui.widgets.title import PaneTitle

COMMANDS = declare(
    Command("detail.pane", "tab", "app.focus_next", "next pane", "The next of the three panes.", True),
    Command("detail.whole", "enter,d", "whole", "whole text", "All that is known of the selected row."),
    Command("detail.tail", "t", "tail", "tail", "Live records of the selected row, else of the VPC.", True),
    Command("detail.logs", "s", "logs", "logs", "S3 objects of the selected flow log.", True),
    Command("detail.doctor", "x", "doctor", "doctor", "To the findings.", True),
    Command("detail.deploy", "D", "deploy", "deploy", "Turn flow logs on for the VPC, beginning with a plan.", True),
    Command("detail.sql", "e", "sql", "sql", "A query over the loaded records of the selected row.", True),
)
EMPTY = "No VPC is chosen. F2 lists them; enter on one shows it here."


class DetailScreen(FlowScreen):
    """Three panes and, below, the whole text of the row under the cursor."""

    NAME = "detail"
    SHOWS_FLOW_LOGS = True
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS)]
    AUTO_FOCUS = "#detail-logs"

    def __init__(self) -> None:
        super().__init__()
        self._request: VpcRequest | None = None
        self._around: Surroundings | None = None
        self._findings: tuple[Finding, ...] | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, three panes, the row's text."""
        yield Static(EMPTY, id="detail-empty", classes="empty", markup=False)
        with Vertical(id="detail-all"):
            yield Static(id="detail-head", markup=False)
            with Vertical(id="detail-logs-pane"):
                yield PaneTitle("Flow logs", id="detail-logs-title")
                yield Table(FLOW_LOG_COLUMNS, id="detail-logs", classes="body-focus")
            with Vertical(id="detail-findings-pane"):
                yield PaneTitle("Doctor", id="detail-findings-title")
                yield Table(FINDING_COLUMNS, header=False, id="detail-findings")
            with Vertical(id="detail-enis-pane"):
                yield PaneTitle("Interfaces", id="detail-enis-title")
                yield Table(INTERFACE_COLUMNS, id="detail-enis")
            yield PaneTitle()
            yield Brief("enter shows all", id="detail-text")

    def on_mount(self) -> None:
        """Nothing chosen yet."""
        self._show_panes(False)

    def _show_panes(self, shown: bool) -> None:
        self.query_one("#detail-empty").display = not shown
        self.query_one("#detail-all").display = shown

    def accept(self, request: Request) -> None:
        """Show a VPC."""
        if isinstance(request, VpcRequest):
            self.flow.selection = request
            self._show(request)
            if request.doctor:
                self.action_doctor()

    def shown(self) -> None:
        """The VPC selected last, wherever that was."""
        chosen = self.flow.selection
        if chosen is not None and not self._shows(chosen):
            self._show(chosen)

    def reload(self) -> None:
        """Read the VPC again."""
        if self._request is not None:
            self._show(self._request)

    def accounts_changed(self) -> None:
        """The VPC is of an account that is not worked on any more."""
        self.cancel_job("look")
        self._request = self._around = self._findings = None
        self._show_panes(False)

    def _shows(self, asked: VpcRequest) -> bool:
        now = self._request
        return now is not None and (now.account.name, now.vpc.id) == (asked.account.name, asked.vpc.id)

    def _show(self, request: VpcRequest) -> None:
        other = not self._shows(request)
        self._request = request
        if other:
            self._around = self._findings = None
        self._show_panes(True)
        if other or self.focused is None:
            self.query_one("#detail-logs").focus()
        account, vpc = request.account, request.vpc
        make, busy = partial(look, account, vpc), f"reading {vpc.id}"
        self.run_job("look", make, self._looked, failed=self._not_looked, busy=busy, reads=True)
        self._paint()

    def _looked(self, found: Surroundings | Diagnosis) -> None:
        if isinstance(found, Surroundings):
            self._around = found
            self.set_busy("look", "examining")
        else:
            self._findings = found.findings
        self._paint()

    def _not_looked(self, error: FlowTuiError) -> None:
        self._paint()
        self.flow.show_error(error)

    def stopped(self) -> None:
        """What was not read is not being read any more."""
        self._paint()

    def filter_changed(self, text: str) -> None:
        """Show only rows with these words."""
        self._paint()

    # Painting

    def _paint(self) -> None:
        if self._request is None:
            return
        head = vpc_text(self._request.vpc, self.filter_text, self.glyphs)
        self.query_one("#detail-head", Static).update(head)
        self._paint_around()
        self._paint_findings()
        self._paint_text()

    def _paint_around(self) -> None:
        around, glyphs = self._around, self.glyphs
        waiting = f"Reading{glyphs.ellipsis}" if self.job("look") else "Not read; ctrl+r reads it."
        logs = self.query_one("#detail-logs", Table)
        enis = self.query_one("#detail-enis", Table)
        if around is None:
            logs.set_rows((), waiting)
            enis.set_rows((), waiting)
            return
        subnets = {subnet.id: subnet for subnet in around.subnets}
        names = {subnet.id: subnet.name for subnet in around.subnets}
        names |= {interface.id: interface.owner for interface in around.interfaces}
        refused = " ".join(error.message for error in around.refusals)
        logged = logged_by(around.interfaces, around.flow_logs)
        log_rows = [flow_log_row(log, names, around.now, glyphs) for log in around.flow_logs]
        eni_rows = [interface_row(interface, subnets, logged, glyphs) for interface in around.interfaces]
        none = "No flow log watches this VPC, its subnets or its interfaces. D turns one on."
        logs.set_rows(self._kept(log_rows), self._filtered_out(log_rows) or refused or none)
        none = "No network interfaces: there is nothing to record."
        enis.set_rows(self._kept(eni_rows), self._filtered_out(eni_rows) or refused or none)
        logs.styles.height = min(6, len(log_rows) + 1) if log_rows else 3
        self.query_one("#detail-logs-title", PaneTitle).note = self._counted(log_rows)
        dark = len(eni_rows) - len(logged)
        note = self._counted(eni_rows) + (f", {dark} dark" if dark else "")
        self.query_one("#detail-enis-title", PaneTitle).note = note

    def _paint_findings(self) -> None:
        table = self.query_one("#detail-findings", Table)
        title = self.query_one("#detail-findings-title", PaneTitle)
        if self._findings is None:
            examining = f"Examining{self.glyphs.ellipsis}"
            table.set_rows((), examining if self.job("look") else "Not examined; ctrl+r does so.")
            title.note = ""
            return
        rows = [finding_row(n, finding, self.glyphs) for n, finding in enumerate(by_severity(self._findings))]
        table.set_rows(self._kept(rows), self._filtered_out(rows) or "Nothing to report.")
        counts = {"bad": "bad", "warn": "to look at", "unknown": "not checked", "ok": "fine"}
        found = {status: sum(f.status == status for f in self._findings) for status in counts}
        title.note = f" {self.glyphs.dot} ".join(f"{count} {counts[s]}" for s, count in found.items() if count)

    def _counted(self, rows: list[Row]) -> str:
        """How many rows a pane has, and how many of them it lists under a filter."""
        return f"{len(self._kept(rows))} of {len(rows)}" if self.filter_text else str(len(rows))

    def _filtered_out(self, rows: list[Row]) -> str:
        """What an empty pane says when it is the filter that empties it."""
        return f"Nothing here matches {self.filter_text}. esc shows all again." if rows and self.filter_text else ""

    def _kept(self, rows: list[Row]) -> list[Row]:
        return with_words(rows, self.filter_text)

    @on(Table.Moved)
    def _moved(self) -> None:
        self._paint_text()

    def on_descendant_focus(self) -> None:
        """The text below is of the focused pane's row."""
        self._paint_text()

    def _paint_text(self) -> None:
        shown = self.query_one("#detail-text", Brief)
        finding, log, interface = self._finding(), self._log(), self._interface()
        if finding is not None:
            shown.say(finding_text(finding, self.glyphs))
        elif log is not None:
            shown.say(flow_log_text(log))
        elif interface is not None:
            shown.say(interface_text(interface))
        else:
            shown.say("")

    # Selection

    def _focused_row(self, id: str) -> Row | None:
        table = self.query_one(f"#{id}", Table)
        return table.row if table.has_focus else None

    def _finding(self) -> Finding | None:
        row = self._focused_row("detail-findings")
        findings = by_severity(self._findings or ())
        return findings[int(row.key.rpartition("/")[2])] if row else None

    def _log(self) -> FlowLog | None:
        row = self._focused_row("detail-logs")
        logs = self._around.flow_logs if self._around else ()
        return next((log for log in logs if row and log.id == row.key), None)

    def _interface(self) -> Interface | None:
        row = self._focused_row("detail-enis")
        enis = self._around.interfaces if self._around else ()
        return next((interface for interface in enis if row and interface.id == row.key), None)

    def copy_text(self) -> str:
        """The selected id; the VPC's without one."""
        finding, log, interface = self._finding(), self._log(), self._interface()
        if finding is not None:
            return finding.found
        selected = log or interface
        return selected.id if selected else self._request.vpc.id if self._request else ""

    def copy_line(self) -> str:
        """Destination ARN of a flow log; finding with advice; all addresses of an interface."""
        finding, log, interface = self._finding(), self._log(), self._interface()
        if finding is not None:
            return "\n".join(part for part in (f"{finding.check}: {finding.found}", finding.advice) if part)
        if log is not None:
            return log.destination or log.log_group
        if interface is not None:
            return " ".join((interface.id, *interface.private_ips, *interface.ipv6s, interface.public_ip)).strip()
        return self.copy_text()

    def console_url(self) -> str:
        """The interface's page, else the VPC's."""
        if self._request is None:
            return ""
        vpc, interface = self._request.vpc, self._interface()
        return interface_url(vpc.region, interface.id) if interface else vpc_url(vpc.region, vpc.id)

    # Commands

    def _vpc(self) -> VpcRequest | None:
        if self._request is None:
            self.flow.warn(EMPTY)
        return self._request

    def action_whole(self) -> None:
        """All that is known of the selected row."""
        shown = self._finding() or self._log() or self._interface()
        if shown is None:
            self.flow.warn("Nothing is selected.")
        else:
            title, facts = whole(shown)
            self.flow.push_screen(FactsModal(title, facts, copy=self.copy_line()))

    def action_doctor(self) -> None:
        """To the findings."""
        if self._vpc():
            self.query_one("#detail-findings").focus()

    def action_deploy(self) -> None:
        """Plan flow logs for the VPC."""
        if request := self._vpc():
            self.flow.open_deploy(VpcRequest(request.account, request.vpc))

    def action_tail(self) -> None:
        """Tail the selected flow log or interface, else the VPC."""
        request = self._vpc()
        if request is None:
            return
        log, interface = self._log(), self._interface()
        if log is not None and log.destination_type != "cloud-watch-logs":
            self.flow.warn("Only flow logs to CloudWatch can be tailed. s lists this one's objects.")
            return
        target = log.id if log else interface.id if interface else request.vpc.id
        label = (clean(interface.owner) if interface else "") or clean(request.vpc.name) or target
        self.flow.open_tail(TailRequest(target, request.account, request.vpc.region, label))

    def action_logs(self) -> None:
        """Show the objects of the selected flow log, else of the first to S3."""
        request = self._vpc()
        if request is None:
            return
        logs = self._around.flow_logs if self._around else ()
        log = self._log()
        if log is None or log.destination_type != "s3":
            log = next((each for each in logs if each.destination_type == "s3"), None)
        if log is None:
            self.flow.warn("No flow log here goes to S3. D makes one.")
        else:
            self.flow.open_logs(LogsRequest(log, request.account))

    def action_sql(self) -> None:
        """A query over the selected interface, else over all of the account's."""
        request = self._vpc()
        if request is None:
            return
        interface = self._interface()
        title = (clean(interface.owner) or interface.id) if interface else clean(request.vpc.name) or request.vpc.id
        self.flow.open_sql(SqlRequest(conversations(interface, request.vpc), title))
