"""What a query on Athena will scan and cost, told before it runs.

The table's partitions come from the Glue Data Catalog, the query's own conditions select among them, and the objects
under those are listed. The figure is what Athena reads at most: for Parquet it reads only the columns it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from flowtui.aws.glue import VIEW, CatalogTable, catalog_partitions, catalog_table
from flowtui.aws.models import StoredObject
from flowtui.aws.objects import list_folders, parse_s3_uri
from flowtui.aws.session import Account
from flowtui.errors import AwsError, FlowTuiError, QueryError, UsageError
from flowtui.insight.cost import athena_cost, money
from flowtui.sql.athena_engine import Place
from flowtui.sql.athena_text import Submission, submission
from flowtui.sql.partition_filter import selected
from flowtui.sql.partitions import NotProjected, projection_of
from flowtui.sql.reads import Read, reads
from flowtui.sql.statements import Statement
from flowtui.times import bytes_text

MOST_PARTITIONS = 500_000
MOST_OBJECTS = 300_000
"""Objects that are listed at most; what lies beyond is said to be more."""
_MOST_LISTINGS = 400
_STEP = 5_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a statement reads.

    Args:
        partitions: partitions its conditions select; with several tables their sum.
        of: partitions there are.
        objects: objects under those.
        size: their bytes.
        free: nothing is billed for the statement.
        unknown: why there is no figure; empty when there is one.
        remarks: what makes the figure less than exact.
    """

    partitions: int = 0
    of: int = 0
    objects: int = 0
    size: int = 0
    free: bool = False
    unknown: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def usd(self) -> float | None:
        """The price at most; None when it is not known."""
        if self.unknown:
            return None
        return 0.0 if self.free else athena_cost(self.size)

    def text(self) -> str:
        """``3 of 31 partitions, 187 MB, $0.0009``."""
        if self.unknown:
            return f"no estimate: {self.unknown}"
        if self.free:
            return "nothing is scanned, no charge"
        parts = f"{self.partitions:,} of {self.of:,} partition{'' if self.of == 1 else 's'}, " if self.of else ""
        return f"{parts}{bytes_text(self.size)}, {money(self.usd or 0.0)}"


def concern(sent: Submission, found: Estimate, ask_usd: float) -> str:
    """Why a statement should be asked about before it runs; empty when it only reads and is cheap."""
    if sent.changes:
        return "This statement may change data or tables."
    if found.usd is None:
        return "Its price is not known."
    if found.usd > ask_usd:
        return f"That is above ${ask_usd:g} (the setting athena_ask_usd)."
    return ""


@dataclass(frozen=True, slots=True)
class Counting:
    """Progress of an estimate: objects listed so far."""

    objects: int


def estimate(account: Account, place: Place, text: str, statement: Statement) -> Iterator[Counting | Estimate]:
    """Work out what a statement reads; the last value is the :class:`Estimate`. Nothing is run and nothing costs.

    A listing that is denied, a table that is no table or a query that is not understood here give an estimate that
    says why there is none; they do not keep the query from running.

    Raises:
        QueryError: the statement calls what only the workspace has.
    """
    if submission(text, statement).free:
        yield Estimate(free=True)
        return
    try:
        mentions = reads(text, statement, place.database)
    except QueryError as error:
        yield Estimate(unknown=f"the statement is not understood here ({error.message})")
        return
    total = Estimate()
    for read in mentions:
        found = Estimate()
        try:
            for value in _of_table(account, place, read, total.objects):
                if isinstance(value, Estimate):
                    found = value
                else:
                    yield value
        except AwsError as error:
            asks = f"it needs {error.action}" if error.action else error.message
            found = Estimate(unknown=f"{read.name}: {asks}")
        except FlowTuiError as error:
            found = Estimate(unknown=f"{read.name}: {error.message}")
        except NotProjected as error:
            found = Estimate(unknown=f"{read.name}: {error}")
        total = _sum(total, found)
    yield total


def _sum(one: Estimate, other: Estimate) -> Estimate:
    return Estimate(
        one.partitions + other.partitions,
        one.of + other.of,
        one.objects + other.objects,
        one.size + other.size,
        unknown=one.unknown or other.unknown,
        remarks=tuple(dict.fromkeys([*one.remarks, *other.remarks])),
    )


def _of_table(account: Account, place: Place, read: Read, before: int) -> Iterator[Counting | Estimate]:
    if place.catalog.lower() != "awsdatacatalog" or "." in read.database:
        raise UsageError("only tables of AwsDataCatalog can be looked up")
    table = catalog_table(account, read.database, read.name)
    if table is None:
        raise UsageError(f"there is no table {read.database}.{read.name} in the Glue catalog")
    if table.kind == VIEW:
        raise UsageError("it is a view")
    values, locations = _partitions(account, table, account.clock())
    if not table.partition_keys:
        yield from _counted(account, [table.location], Estimate(), before)
        return
    chosen, told = selected(read, table.partition_keys, values)
    remarks = []
    if not told:
        keys = ", ".join(name for name, _ in table.partition_keys)
        remarks.append(f"no condition on {keys} is understood: every partition of {read.name} is counted")
    if not values:
        remarks.append(f"{read.name} has no partitions yet: flowtui ddl prints how to add them")
    start = Estimate(partitions=len(chosen), of=len(values), remarks=tuple(remarks))
    yield from _counted(account, [locations[number] for number in chosen], start, before)


def _partitions(account: Account, table: CatalogTable, now: datetime) -> tuple[list[tuple[str, ...]], list[str]]:
    """Values and location of every partition a table has."""
    projection = projection_of(table, now)
    if projection is None:
        added = list(catalog_partitions(account, table.database, table.name)) if table.partition_keys else []
        return [one.values for one in added], [one.location for one in added]
    names = list(projection.values)
    count = 1
    for values in projection.values.values():
        count *= len(values)
    if count > MOST_PARTITIONS:
        raise UsageError(f"it projects {count:,} partitions, which are too many to look through")
    rows = list(product(*projection.values.values()))
    return rows, [projection.location(dict(zip(names, row, strict=True))) for row in rows]


def _counted(account: Account, locations: Sequence[str], start: Estimate, before: int) -> Iterator[Counting | Estimate]:
    """Objects and bytes under some locations; what begins with ``_`` or ``.`` Athena does not read."""
    objects = size = 0
    remarks = list(start.remarks)
    for item in _read_by_athena(account, locations):
        if objects == MOST_OBJECTS:
            remarks.append(f"only the first {MOST_OBJECTS:,} objects were listed: there is more")
            break
        objects, size = objects + 1, size + item.size
        if objects % _STEP == 0:
            yield Counting(before + objects)
    yield Estimate(start.partitions, start.of, objects, size, remarks=tuple(remarks))


def _read_by_athena(account: Account, locations: Sequence[str]) -> Iterator[StoredObject]:
    for bucket, folders in _folders(locations).items():
        wanted = frozenset(folders)
        for item in list_folders(account, bucket, _listing(folders)):
            if item.key.rpartition("/")[2][:1] not in ("_", ".", "") and _lies_in(item.key, wanted):
                yield item


def _lies_in(key: str, folders: frozenset[str]) -> bool:
    """Whether a key is in one of the folders, at any depth."""
    if "" in folders:
        return True
    return any(key[: place + 1] in folders for place, letter in enumerate(key) if letter == "/")


def _folders(locations: Sequence[str]) -> dict[str, list[str]]:
    """Folders to list, by bucket; each ends in a slash."""
    found: dict[str, list[str]] = {}
    for location in dict.fromkeys(locations):
        bucket, key = parse_s3_uri(location)
        found.setdefault(bucket, []).append(f"{key.rstrip('/')}/" if key.strip("/") else "")
    return found


def _listing(folders: Sequence[str]) -> list[str]:
    """The folders themselves; where they are very many, those above them, which takes fewer calls."""
    listed = list(folders)
    while len(listed) > _MOST_LISTINGS:
        above = list(dict.fromkeys(f"{one.rstrip('/').rpartition('/')[0]}/".lstrip("/") for one in listed))
        if len(above) == len(listed):
            break
        listed = above
    return listed
