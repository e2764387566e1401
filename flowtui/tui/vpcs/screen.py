"""F2: every VPC of the chosen profiles and regions, with what its flow logs cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from flowtui.aws.inventory import RegionInventory, scan
from flowtui.aws.models import FlowLog, RegionRefusal
from flowtui.aws.newest import newest_record
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError
from flowtui.insight.coverage import State, VpcCoverage, coverage
from flowtui.insight.coverage_text import sentence, tally
from flowtui.records.labels import clean
from flowtui.tui.base import FlowScreen
from flowtui.tui.commands import Command, bindings, declare
from flowtui.tui.console import vpc_url
from flowtui.tui.requests import LogsRequest, SqlRequest, TailRequest, VpcRequest
from flowtui.tui.vpcs.matching import matches
from flowtui.tui.vpcs.rows import COLUMNS, UNREAD, Unread, refusal_key, refusal_row, row_key, vpc_row
from flowtui.tui.widgets.brief import Brief
from flowtui.tui.widgets.resources import place_of_region, told
from flowtui.tui.widgets.states import STATE_STYLES, VARIABLES, state_symbol
from flowtui.tui.widgets.table import Table
from flowtui.tui.widgets.title import PaneTitle

COMMANDS = declare(
    Command("vpcs.detail", "enter,d", "detail", "detail", "Flow logs, interfaces and findings of the VPC.", True),
    Command("vpcs.tail", "t", "tail", "tail", "Live records of the VPC.", True),
    Command("vpcs.logs", "s", "logs", "logs", "S3 objects of the VPC's flow log.", True),
    Command("vpcs.doctor", "x", "doctor", "doctor", "What is wrong with the VPC's flow logs.", True),
    Command("vpcs.deploy", "D", "deploy", "deploy", "Turn flow logs on for the VPC, beginning with a plan.", True),
    Command("vpcs.sql", "e", "sql", "sql", "A query over the VPC's loaded records.", True),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One VPC, the account it was seen from, and the place of its region among those chosen."""

    account: Account
    coverage: VpcCoverage
    region_place: int

    @property
    def key(self) -> str:
        """The key of its row."""
        return row_key(self.account.name, self.coverage)


@dataclass(frozen=True, slots=True)
class Found:
    """What a region answered: its VPCs judged, or why not."""

    seen: tuple[Seen, ...] = ()
    refusal: RegionRefusal | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest record of one flow log; None where there is none."""

    flow_log_id: str
    moment: datetime | Unread | None


class VpcsScreen(FlowScreen):
    """The list, its counts above and a sentence on the selected VPC below."""

    NAME = "vpcs"
    SHOWS_FLOW_LOGS = True
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS)]

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[Seen] = []
        self._refusals: list[RegionRefusal] = []
        self._newest: dict[str, datetime | Unread | None] = {}
        self._regions_done = 0
        self._begun = False
        self._stopped = False

    def compose_body(self) -> ComposeResult:
        """Counts, list, sentence."""
        yield Static(id="vpcs-counts", markup=False)
        yield Table(COLUMNS, id="vpcs-table", classes="body-focus")
        yield PaneTitle()
        yield Brief("enter tells all", id="vpcs-sentence")

    def shown(self) -> None:
        """Scan once; later ctrl+r does."""
        if not self._begun:
            self.reload()

    def reload(self) -> None:
        """Scan all regions; rows appear as they arrive."""
        self._begun, self._stopped = True, False
        self._seen, self._refusals, self._newest, self._regions_done = [], [], {}, 0
        self.cancel_job("newest")
        self.run_job("scan", self._scan, self._found, done=self._scanned, busy="reading regions", reads=True)
        self._paint()

    def _scan(self, stop: Event) -> Iterator[Found]:
        accounts = self.flow.context.accounts
        for answer in scan(accounts):
            if stop.is_set():
                return
            if isinstance(answer, RegionInventory):
                items = coverage(answer, answer.account.clock())
                place = place_of_region(accounts, answer.account, answer.region)
                yield Found(tuple(Seen(answer.account, item, place) for item in items), region=answer.region)
            else:
                yield Found(refusal=answer, region=answer.region)

    def _found(self, found: Found) -> None:
        self._seen += found.seen
        if found.refusal is not None:
            self._refusals.append(found.refusal)
        else:
            self._regions_done += 1
        self.set_busy("scan", f"reading regions {self.glyphs.dot} {self._regions_done} done")
        self.flow.remember_vpcs([VpcRequest(seen.account, seen.coverage.vpc) for seen in found.seen])
        self._paint()

    def _scanned(self) -> None:
        self._paint()
        logs = {log.id: (seen.account, log) for seen in self._seen for log in seen.coverage.flow_logs}
        if logs:
            self.run_job(
                "newest",
                lambda stop: _newest_of(tuple(logs.values()), stop),
                self._newest_found,
                busy="reading newest records",
                reads=True,
            )

    def _newest_found(self, newest: Newest) -> None:
        self._newest[newest.flow_log_id] = newest.moment
        self._paint()

    def stopped(self) -> None:
        """What was not read is not being read any more."""
        for seen in self._seen:
            for log in seen.coverage.flow_logs:
                self._newest.setdefault(log.id, UNREAD)
        self._stopped = True
        self._paint()

    # Painting

    @property
    def _now(self) -> datetime:
        return self._seen[0].account.clock() if self._seen else datetime.now(UTC)

    def _paint(self) -> None:
        glyphs = self.glyphs
        now = self._now
        shown = [seen for seen in self._sorted() if matches(seen.coverage, self.filter_text)]
        several = len({seen.coverage.vpc.account_id for seen in self._seen}) > 1
        rows = [vpc_row(seen.key, seen.coverage, self._newest, now, glyphs, account=several) for seen in shown]
        rows += [refusal_row(refusal, glyphs) for refusal in self._refusals]
        self.query_one(Table).set_rows(rows, self._empty_text())
        self.query_one("#vpcs-counts", Static).update(self._counts(len(shown)))
        self._paint_sentence()

    def _sorted(self) -> list[Seen]:
        return sorted(
            self._seen,
            key=lambda seen: (seen.region_place, seen.coverage.vpc.is_default, seen.coverage.vpc.name),
        )

    def _empty_text(self) -> str:
        if self.job("scan") is not None:
            return "Reading regions; VPCs appear as they arrive."
        if self.filter_text and self._seen:
            return f"No VPC matches {self.filter_text}. esc shows all again."
        if self._stopped:
            return "The regions were not read to the end; ctrl+r reads them."
        return "No VPC in these regions. R chooses regions, P profiles."

    def _counts(self, shown: int) -> Content:
        items = [seen.coverage for seen in self._seen]
        noun = "VPC" if len(items) == 1 else "VPCs"
        parts: list[tuple[str, str]] = [(f"{len(items)} {noun}", "bold")]
        if self.filter_text:
            parts = [(f"{shown} of {len(items)} {noun}", "bold"), ("   / ", "$accent"), (self.filter_text, "bold")]
        for state, count in tally(items).items():
            style = VARIABLES[STATE_STYLES[state]]
            parts += [("   ", ""), (f"{state_symbol(state, self.glyphs)} {count} {state.value}", style)]
        return Content.assemble(*parts)

    def _paint_sentence(self) -> None:
        self.query_one("#vpcs-sentence", Brief).say(self._sentence())

    def _sentence(self) -> Content:
        seen = self._selected()
        if seen is None:
            refusal = self._refusal()
            return Content(told(refusal.error) if refusal else "")
        vpc, dot = seen.coverage.vpc, f" {self.glyphs.dot} "
        several = len({each.account.name for each in self._seen}) > 1
        facts = dot.join([vpc.id, " ".join(vpc.cidrs), vpc.region, vpc.account_id])
        facts += f"{dot}seen by {clean(seen.account.name)}" if several else ""
        said = Content.assemble((facts, "$muted"), "\n", sentence(seen.coverage).replace("·", self.glyphs.dot))
        if seen.coverage.state in (State.NONE, State.PARTIAL):
            return Content.assemble(said, "  ", ("D", "bold $accent"), (" turn on for the VPC", "$muted"))
        if seen.coverage.state is State.FAILING:
            return Content.assemble(said, "  ", ("x", "bold $accent"), (" says why", "$muted"))
        return said

    def _selected(self) -> Seen | None:
        row = self.query_one(Table).row
        if row is None or row.note is not None:
            return None
        return next((seen for seen in self._seen if seen.key == row.key), None)

    def _refusal(self) -> RegionRefusal | None:
        row = self.query_one(Table).row
        return next((one for one in self._refusals if row and row.key == refusal_key(one)), None)

    @on(Table.Moved)
    def _moved(self) -> None:
        seen = self._selected()
        if seen is not None:
            self.flow.selection = VpcRequest(seen.account, seen.coverage.vpc)
        self._paint_sentence()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.action_detail()

    def filter_changed(self, text: str) -> None:
        """Show only what matches."""
        self._paint()

    def copy_text(self) -> str:
        """The VPC's id."""
        seen = self._selected()
        return seen.coverage.vpc.id if seen else ""

    def copy_line(self) -> str:
        """The VPC's ARN."""
        seen = self._selected()
        if seen is None:
            return ""
        vpc = seen.coverage.vpc
        partition = seen.account.session().get_partition_for_region(vpc.region)
        return f"arn:{partition}:ec2:{vpc.region}:{vpc.account_id}:vpc/{vpc.id}"

    def console_url(self) -> str:
        """The VPC's page."""
        seen = self._selected()
        return vpc_url(seen.coverage.vpc.region, seen.coverage.vpc.id) if seen else ""

    # Commands

    def _ask(self, *, doctor: bool = False) -> VpcRequest | None:
        seen = self._selected()
        if seen is None:
            self.flow.warn("Choose a VPC first.")
            return None
        return VpcRequest(seen.account, seen.coverage.vpc, doctor)

    def action_detail(self) -> None:
        """Open Detail; of a region that refused, tell why."""
        if refusal := self._refusal():
            self.flow.show_error(refusal.error, f"{refusal.region} could not be read")
        elif request := self._ask():
            self.flow.open_detail(request)

    def action_doctor(self) -> None:
        """Open Detail at the findings."""
        if request := self._ask(doctor=True):
            self.flow.open_detail(request)

    def action_deploy(self) -> None:
        """Plan flow logs for the VPC."""
        if request := self._ask():
            self.flow.open_deploy(request)

    def action_tail(self) -> None:
        """Tail the VPC."""
        if request := self._ask():
            vpc = request.vpc
            self.flow.open_tail(TailRequest(vpc.id, request.account, vpc.region, clean(vpc.name) or vpc.id))

    def action_logs(self) -> None:
        """Show the objects of the VPC's S3 flow log."""
        seen = self._selected()
        if seen is None:
            self._ask()
            return
        log = next((log for log in seen.coverage.flow_logs if log.destination_type == "s3"), None)
        if log is None:
            self.flow.warn(f"{seen.coverage.vpc.id} has no flow log to S3. D makes one.")
        else:
            self.flow.open_logs(LogsRequest(log, seen.account))

    def action_sql(self) -> None:
        """Put a query over the VPC's addresses into the editor."""
        if request := self._ask():
            self.flow.open_sql(SqlRequest(_query(request), clean(request.vpc.name) or request.vpc.id))


def _newest_of(logs: tuple[tuple[Account, FlowLog], ...], stop: Event) -> Iterator[Newest]:
    """The newest record of each flow log, one after the other; what may not be read is shown as not known."""
    for account, log in logs:
        if stop.is_set():
            return
        try:
            yield Newest(log.id, newest_record(account, log))
        except FlowTuiError:
            # The column is an extra; the doctor tells which permission is missing.
            yield Newest(log.id, UNREAD)


def _query(request: VpcRequest) -> str:
    """Top talkers of one VPC, by its interfaces where the format has vpc-id, else by its account."""
    vpc = request.vpc
    return (
        f"-- Top talkers of {clean(vpc.name) or vpc.id} ({vpc.cidr}); load its flow log first (F6).\n"
        "SELECT srcaddr, dstaddr, SUM(bytes) AS total_bytes\n"
        "FROM vpc_flow_logs.flow_logs\n"
        f"WHERE account_id = '{vpc.account_id}' AND log_status = 'OK'\n"
        "GROUP BY srcaddr, dstaddr\n"
        "ORDER BY total_bytes DESC\n"
        "LIMIT 20;\n"
    )
