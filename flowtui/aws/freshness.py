"""How fresh the records of many flow logs are, asked in parallel."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flowtui.aws.models import FlowLog
from flowtui.aws.newest import newest_record
from flowtui.aws.parallel import Pool
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError

THREADS = 16


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest record's time of one flow log; None with an ``error`` is unknown, without one there is none."""

    flow_log: FlowLog
    newest: datetime | None
    error: FlowTuiError | None = None


def freshness(logs: Iterable[tuple[Account, FlowLog]], *, threads: int = THREADS) -> Generator[Freshness, None, None]:
    """The newest record of each flow log, as answers arrive; a log group shared by several is asked once.

    Closing the iterator stops waiting at once.
    """
    places: dict[tuple[str, str, str], list[FlowLog]] = {}
    with Pool[tuple[tuple[str, str, str], Freshness]](threads) as pool:
        for account, log in logs:
            key = (log.account_id, log.region, log.log_group or log.id)
            if key not in places:
                pool.submit(partial(_ask, account, log, key))
            places.setdefault(key, []).append(log)
        for key, answer in pool:
            for log in places[key]:
                yield Freshness(log, answer.newest, answer.error)


def _ask(account: Account, log: FlowLog, key: tuple[str, str, str]) -> tuple[tuple[str, str, str], Freshness]:
    try:
        return key, Freshness(log, newest_record(account, log))
    except FlowTuiError as error:
        return key, Freshness(log, None, error)
