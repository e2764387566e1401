"""What loading objects will cost and take, told before anything moves.

Figures are estimates: a record of the default format takes about 26 bytes in gzip, one core loads some 600,000 a
second, and S3's prices are those of us-east-1 (https://aws.amazon.com/s3/pricing/). Within a region transfer is free.
"""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.insight.cost import money
from flowtui.times import bytes_text
from flowtui.tui.widgets.short import short_count

PRICES_OF = "2026-06"
GET_USD = 0.0004 / 1000
OUT_USD_GB = 0.09
RECORD_BYTES = 26
RECORDS_S = 1_000_000
_OBJECTS_S = 1500


@dataclass(frozen=True, slots=True)
class Estimate:
    """Objects still to load: how many, how large, and whether they must be fetched over the network."""

    objects: int
    size: int
    remote: bool

    @property
    def records(self) -> int:
        """Records, about."""
        return self.size // RECORD_BYTES

    @property
    def usd(self) -> float:
        """Dollars for requests and transfer to the internet, at most."""
        return self.objects * GET_USD + self.size / 1e9 * OUT_USD_GB if self.remote else 0.0

    @property
    def seconds(self) -> float:
        """How long it takes, about; the network may be slower."""
        return max(self.records / RECORDS_S, self.objects / _OBJECTS_S)

    def text(self, listed: int) -> str:
        """The estimate in words; ``listed`` is how many objects there are with those already loaded."""
        if not self.objects:
            return "all loaded"
        parts = [f"{self.objects:,} to load, {bytes_text(self.size)}"] if self.objects < listed else []
        parts.append(f"about {short_count(self.records)} records")
        if self.remote:
            parts.append(f"at most {money(self.usd)}")
        parts.append(f"about {max(1, round(self.seconds))} s")
        return " · ".join(parts)
