"""Coverage in words: the line under the list, the row of a refused region, the summary above."""

from __future__ import annotations

from collections.abc import Iterable

from flowtui.aws.models import RegionRefusal
from flowtui.errors import AccessDenied
from flowtui.insight.coverage import State, VpcCoverage, count_text
from flowtui.records.labels import clean


def _things(number: int | None, noun: str) -> str:
    return f"{count_text(number)} {noun}" if number == 1 else f"{count_text(number)} {noun}s"


def sentence(item: VpcCoverage) -> str:
    """One line on a VPC for under the list, starting with its name or id."""
    return clean(f"{item.vpc.name or item.vpc.id} · {_said(item)}")


def _said(item: VpcCoverage) -> str:
    enis = _things(item.interface_count, "interface")
    match item.state:
        case State.UNKNOWN:
            return f"{item.reason}."
        case State.NONE:
            return f"no flow log on the VPC, its subnets or interfaces; all {enis} are dark."
        case State.FAILING:
            return f"{item.reason}."
        case State.STARTING:
            return f"new flow log; {item.reason}."
        case State.PARTIAL:
            dark = _things(item.interfaces_dark, "interface")
            verb = "is" if item.interfaces_dark == 1 else "are"
            if not item.subnets_covered:
                single = [log for log in item.flow_logs if log.resource_id.startswith("eni-")]
                watched = len({log.resource_id for log in single})
                return f"{watched} of {enis} {'has' if watched == 1 else 'have'} flow logs; {dark} {verb} dark."
            total, covered = item.subnets_total or 0, item.subnets_covered
            rest = _things(total - covered, "subnet")
            return (
                f"{covered} of {_things(total, 'subnet')} {'has' if covered == 1 else 'have'} flow logs; "
                f"{rest} with {dark} {'is' if total - covered == 1 else 'are'} dark."
            )
    more = f"; {item.reason}" if item.reason else ""
    only = f", {item.traffic} only" if item.traffic in ("ACCEPT", "REJECT") else ""
    return f"{_things(len(item.flow_logs), 'flow log')} to {' and '.join(item.destinations)}{only}; {enis}{more}."


def refusal_text(refusal: RegionRefusal) -> str:
    """A refusal for one row: ``cannot list flow logs: needs ec2:DescribeFlowLogs``."""
    error = refusal.error
    if isinstance(error, AccessDenied) and error.action:
        return f"cannot list: needs {error.action}"
    return clean(error.message)


def tally(items: Iterable[VpcCoverage]) -> dict[State, int]:
    """How many VPCs are in each state that occurs, in the order active, partial, failing, starting, none, unknown."""
    states = [item.state for item in items]
    order = (State.ACTIVE, State.PARTIAL, State.FAILING, State.STARTING, State.NONE, State.UNKNOWN)
    return {state: states.count(state) for state in order if state in states}
