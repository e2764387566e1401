"""What keeping flow logs costs, from a price table with its date.

Prices are those of us-east-1 in US dollars (https://aws.amazon.com/cloudwatch/pricing/, vended logs). They are an
estimate to decide by, not a bill: other regions, discounts and requests are left out. A GB is 10^9 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flowtui.aws.models import Destination

Tiers = tuple[tuple[float, float], ...]
"""``(GB up to which the price holds, USD a GB)``, rising; the last reaches infinity."""

_INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Prices:
    """A price table; ``own`` has the date, as text, of every price the user set in place of AWS's."""

    as_of: str = "2026-06"
    region: str = "us-east-1"
    logs_delivery: Tiers = ((10_000, 0.50), (30_000, 0.25), (50_000, 0.10), (_INFINITE, 0.05))
    s3_delivery: Tiers = ((10_000, 0.25), (30_000, 0.15), (50_000, 0.075), (_INFINITE, 0.05))
    logs_storage_gb_month: float = 0.03
    s3_storage_gb_month: float = 0.023
    parquet_conversion_gb: float = 0.035
    athena_scanned_tb: float = 5.0
    live_tail_minute: float = 0.01
    live_tail_free_minutes: int = 1800
    own: Mapping[str, str] = field(default_factory=dict)

    def source(self, names: Sequence[str]) -> str:
        """Whose the prices of these names are, and of when."""
        dates = [self.own[name] for name in names if name in self.own]
        table = f"prices of {self.as_of}, {self.region}"
        if not dates:
            return table
        yours = f"your prices of {max(dates)}"
        return yours if len(dates) == len(names) else f"{yours} and {table}"


PRICES = Prices()


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """US dollars a month: to deliver, to convert to Parquet, and to store once ``retention_days`` are full.

    ``source`` says whose prices it was reckoned with, and of when.
    """

    delivery: float
    conversion: float
    storage: float
    source: str

    @property
    def total(self) -> float:
        """The sum."""
        return self.delivery + self.conversion + self.storage


def monthly_cost(
    gb: float,
    destination: Destination,
    *,
    retention_days: float = 0,
    parquet: bool = False,
    prices: Prices = PRICES,
) -> MonthlyCost:
    """The cost of delivering ``gb`` a month, uncompressed as AWS bills it.

    Args:
        gb: volume a month.
        destination: ``cloud-watch-logs`` or ``s3``; Firehose is charged by Firehose and counts as S3 delivery here.
        retention_days: how long records are kept; 0 leaves storage out. Storage takes no compression into account, so
            it is an upper bound: gzip stores a quarter of it.
        parquet: add AWS's charge for converting to Parquet.
        prices: another price table.

    Raises:
        ValueError: a negative volume or retention.
    """
    if gb < 0 or retention_days < 0:
        raise ValueError("volume and retention cannot be negative")
    logs = destination == "cloud-watch-logs"
    stored = gb * retention_days / 30
    used = ["logs_delivery" if logs else "s3_delivery"]
    if parquet:
        used.append("parquet_conversion_gb")
    if retention_days:
        used.append("logs_storage_gb_month" if logs else "s3_storage_gb_month")
    return MonthlyCost(
        tiered(gb, prices.logs_delivery if logs else prices.s3_delivery),
        gb * prices.parquet_conversion_gb if parquet else 0.0,
        stored * (prices.logs_storage_gb_month if logs else prices.s3_storage_gb_month),
        prices.source(used),
    )


def tiered(gb: float, tiers: Sequence[tuple[float, float]]) -> float:
    """The price of ``gb`` where each further tier is cheaper."""
    total = below = 0.0
    for limit, price in tiers:
        total += max(0.0, min(gb, limit) - below) * price
        below = limit
    return total


def athena_cost(bytes_scanned: float, prices: Prices = PRICES) -> float:
    """US dollars for a query; Athena bills at least 10 MB (https://aws.amazon.com/athena/pricing/)."""
    return max(bytes_scanned, 10e6) / 1e12 * prices.athena_scanned_tb


def money(usd: float) -> str:
    """An amount as read: ``$38``, ``$1.27``, ``$0.0009``."""
    if usd >= 10:
        return f"${usd:,.0f}"
    if usd >= 0.01 or usd == 0:
        return f"${usd:.2f}"
    return f"${usd:.4f}" if usd >= 0.000075 else f"${usd:.5f}"
