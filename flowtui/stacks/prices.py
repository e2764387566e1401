"""The prices a plan reckons with: AWS's list prices, and in their place those the user set, kept in the data folder."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flowtui.config import data_dir
from flowtui.errors import FlowTuiError, UsageError
from flowtui.insight.cost import PRICES, Prices, Tiers


@dataclass(frozen=True, slots=True)
class Priced:
    """One price that may be set: ``name`` is the attribute of Prices, ``unit`` what the dollars are for."""

    name: str
    label: str
    unit: str


TABLE = (
    Priced("logs_delivery", "Delivery to CloudWatch Logs", "USD a GB: first 10 TB a month, next 20, next 20, above"),
    Priced("logs_storage_gb_month", "Storage in CloudWatch Logs", "USD a GB and month"),
    Priced("s3_delivery", "Delivery to S3", "USD a GB: first 10 TB a month, next 20, next 20, above"),
    Priced("s3_storage_gb_month", "Storage in S3 Standard", "USD a GB and month"),
    Priced("parquet_conversion_gb", "Conversion to Parquet", "USD a GB"),
)
_NAMES = tuple(priced.name for priced in TABLE)


def price_text(prices: Prices, name: str) -> str:
    """A price as it is typed: ``0.03``, and one for each tier as ``0.5 0.25 0.1 0.05``."""
    value = getattr(prices, name)
    return " ".join(f"{price:g}" for _, price in value) if isinstance(value, tuple) else f"{value:g}"


def with_price(prices: Prices, name: str, text: str, since: str) -> Prices:
    """The table with one price set: dollars, or for a price in tiers one for all of them or one for each.

    Raises:
        UsageError: there is no such price, or the text is none.
    """
    if name not in _NAMES:
        raise UsageError(f"There is no price {name!r}.", f"Prices: {', '.join(_NAMES)}.")
    tiers: Tiers | None = value if isinstance(value := getattr(PRICES, name), tuple) else None
    try:
        given = [float(word) for word in re.split(r"[\s,/]+", text.strip())]
    except ValueError:
        given = []
    counts = (1, len(tiers)) if tiers else (1,)
    if len(given) not in counts or not all(math.isfinite(usd) and usd >= 0 for usd in given):
        many = f", or {len(tiers)} of them, one a tier" if tiers else ""
        raise UsageError(f"{name}: {text!r} is not a price in dollars.", f"Write a number such as 0.25{many}.")
    if tiers:
        each = given if len(given) == len(tiers) else given * len(tiers)
        changed: object = tuple((limit, usd) for (limit, _), usd in zip(tiers, each, strict=True))
    else:
        changed = given[0]
    return replace(prices, **{name: changed, "own": {**prices.own, name: since}})  # type: ignore[arg-type]  # named at run time


class OwnPrices:
    """The user's prices in a JSON file. What cannot be read there is left to AWS's list prices, which say so.

    Args:
        path: the file; the default is in the data folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_dir() / "prices.json"

    def read(self) -> Prices:
        """AWS's list prices with the user's in their place."""
        prices = PRICES
        for name, entry in self._entries().items():
            try:
                prices = with_price(prices, name, entry["usd"], entry["since"])
            except UsageError:
                continue
        return prices

    def set(self, texts: Mapping[str, str], today: date) -> Prices:
        """Set prices and keep them; one that is AWS's own is kept as the user's all the same.

        Raises:
            UsageError: one of them is no price; nothing is kept then.
            FlowTuiError: they cannot be written.
        """
        entries = self._entries()
        for name, text in texts.items():
            prices = with_price(PRICES, name, text, today.isoformat())
            entries[name] = {"usd": price_text(prices, name), "since": today.isoformat()}
        self._write(entries)
        return self.read()

    def change(self, texts: Mapping[str, str], today: date) -> Prices:
        """Take over a whole table as it was edited: what differs from now is set, what is empty is reset.

        Raises:
            UsageError: one of them is no price; nothing is kept then.
            FlowTuiError: they cannot be written.
        """
        now = self.read()
        changed = {name: text for name, text in texts.items() if text.strip() and text != price_text(now, name)}
        prices = self.set(changed, today) if changed else now
        empty = [name for name, text in texts.items() if not text.strip() and name in prices.own]
        return self.reset(empty) if empty else prices

    def reset(self, names: Iterable[str] = _NAMES) -> Prices:
        """Go back to AWS's list prices, for these names or all.

        Raises:
            UsageError: there is no such price.
            FlowTuiError: it cannot be written.
        """
        entries = self._entries()
        for name in names:
            if name not in _NAMES:
                raise UsageError(f"There is no price {name!r}.", f"Prices: {', '.join(_NAMES)}.")
            entries.pop(name, None)
        self._write(entries)
        return self.read()

    def _entries(self) -> dict[str, dict[str, str]]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {
            name: {"usd": str(entry.get("usd", "")), "since": str(entry.get("since", ""))}
            for name, entry in (found.items() if isinstance(found, dict) else ())
            if name in _NAMES and isinstance(entry, dict)
        }

    def _write(self, entries: Mapping[str, Mapping[str, str]]) -> None:
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(entries, indent=1), encoding="utf-8")
            new.replace(self.path)
        except OSError as error:
            raise FlowTuiError(f"Cannot write {self.path}: {error.strerror}.", "The prices are as before.") from error
