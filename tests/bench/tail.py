"""The Tail screen's list: records into a full ring, its memory, a new filter, stalls while records pour in."""

from __future__ import annotations

import asyncio
import gc
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from textual.app import App, ComposeResult

from flowtui.records.filter import Filter
from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser
from flowtui.tui.collector import Collector
from flowtui.tui.tail.filters import row_test
from flowtui.tui.tail.held_rows import HeldRows
from flowtui.tui.tail.lines import HeldLine, TailRow
from flowtui.tui.tail.view import TailView
from flowtui.tui.theme import DARK
from flowtui.tui.widgets.listing import Listing
from flowtui.tui.widgets.ring_list import CAPACITY
from tests.bench.figures import Figures

LAYOUT = Layout.from_header(
    "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport protocol packets"
    " bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id"
    " pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path"
)
FILTERS = (
    *("action=REJECT", "src=10.20.0.0/16", "10.20.1.1", "!action=ACCEPT bytes>4000"),
    # What nothing passes is looked for in every line.
    *("dstport=22", "port=9", "bytes>9000000", "addr=198.18.0.0/15", "/gre+n/"),
)
BATCH = 1_000
POUR_S = 3.0
POURED_PER_S = 100_000
BEAT_S = 0.005


def line(number: int) -> HeldLine:
    """A record of 29 fields, as format version 5 has them."""
    local, remote = f"10.20.{number % 250}.{number % 199}", f"203.0.113.{number % 255}"
    start = 1705327512 + number // 100
    raw = (
        f"5 vpc-0a1b2c3d4e5f60718 subnet-0123456789abcdef0 i-0123456789abcdef0 eni-0123456789abcdef{number % 10} "
        f"123456789010 IPv4 {local} {remote} {1024 + number % 60000} 443 6 {number % 5000} {number * 7 % 9000000} "
        f"{start} {start + 60} {'ACCEPT' if number % 20 else 'REJECT'} OK 19 {local} {remote} us-east-1 use1-az1 - - - "
        "S3 egress 7"
    )
    return HeldLine(raw, LAYOUT, "eni-0123456789abcdef0-all")


def run(figures: Figures, _: Path, rounds: int) -> None:
    """Everything in this process but for the memory, which a process of its own shows.

    What only computes is measured in the processor's time, so that others on the machine do not count.
    """
    print("tailing")
    lines = [line(number) for number in range(CAPACITY)]
    batches = [lines[start : start + BATCH] for start in range(0, CAPACITY, BATCH)]
    into_ring = statistics.median(
        _rate(lambda: Listing[TailRow](CAPACITY, HeldRows).append, batches) for _ in range(rounds)
    )
    bare = statistics.median(_rate(lambda: deque[TailRow](maxlen=CAPACITY).extend, batches) for _ in range(rounds))
    filtered = statistics.median(_rate(_filtered, batches) for _ in range(rounds))
    figures.add("records into the ring", f"{into_ring:,.0f}/s", f"deque {bare:,.0f}/s", "≥ 100,000/s")
    figures.add("records into the ring through a filter", f"{filtered:,.0f}/s", "", "≥ 100,000/s")
    for text in FILTERS:
        first, whole = _filter_ms(lines, text)
        name = f"filter {text} over a full ring, a screenful (all of it)"
        figures.add(name, f"{first:.0f} ms ({whole:.0f} ms)", "", "≤ 100 ms")
    held, parsed = _memory_mb("held"), _memory_mb("parsed")
    figures.add("a full ring, resident", f"{held:.0f} MB", f"{held / parsed:.2f} × parsed records", "≤ 150 MB")
    rate, own, wall = asyncio.run(_pour(batches))
    figures.add("stall while records pour in, p99", f"{own:.0f} ms", f"{wall:.0f} ms by the wall clock", "< 50 ms")
    figures.add("records shown meanwhile", f"{rate:,.0f}/s")


def _rate(make: Callable[[], Callable[[list[HeldLine]], object]], batches: list[list[HeldLine]]) -> float:
    """Records a second into a full ring."""
    add = make()
    for batch in batches:
        add(batch)
    start = time.process_time()
    for batch in batches:
        add(batch)
    return CAPACITY / (time.process_time() - start)


def _filtered() -> Callable[[list[HeldLine]], object]:
    listing = Listing[TailRow](CAPACITY, HeldRows)
    listing.set_passes(row_test(Filter.parse("action=REJECT dstport=443"), gaps=True), 0)
    return listing.append


def _filter_ms(lines: list[HeldLine], text: str) -> tuple[float, float]:
    """Milliseconds until a screenful of a new filter's result is there, and until all is."""
    listing = Listing[TailRow](CAPACITY, HeldRows)
    listing.append(lines)
    start = time.process_time()
    listing.set_passes(row_test(Filter.parse(text), gaps=True), 40)
    while listing.changing and listing.sieve.passes is None:
        listing.scan(0.0)
        listing.scan(0.001)
    first = time.process_time() - start
    while listing.unfinished:
        listing.scan(0.012)
    return first * 1000, (time.process_time() - start) * 1000


def _memory_mb(what: str) -> float:
    """Megabytes that a full ring adds to a process, or the same records parsed."""
    answer = subprocess.run([sys.executable, "-m", __name__, what], capture_output=True, text=True, check=True)
    return float(answer.stdout)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _print_memory(what: str) -> None:
    gc.collect()
    before = _resident_mb()
    if what == "parsed":
        parser = LineParser(LAYOUT)
        kept: object = [parser.parse(line(number).raw) for number in range(CAPACITY)]
    else:
        listing = Listing[TailRow](CAPACITY, HeldRows)
        for start in range(0, 2 * CAPACITY, BATCH):
            listing.append([line(number) for number in range(start, start + BATCH)])
        kept = listing
    gc.collect()
    print(_resident_mb() - before)
    del kept


class _Pouring(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = TailView()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(DARK.variables)

    def compose(self) -> ComposeResult:
        self.view.fields = frozenset(LAYOUT.names)
        yield self.view


async def _pour(batches: list[list[HeldLine]]) -> tuple[float, float, float]:
    """Records a second shown, and the event loop's delays, p99 in ms: the processor's time in them, and all of them."""
    app, poured = _Pouring(), 0
    delays: list[tuple[float, float]] = []
    # As in the real app; the lines held ready here are no part of what is measured.
    collector = Collector()
    collector.start()
    async with app.run_test(size=(140, 40)) as pilot:
        app.view.append(batches[0])
        await pilot.pause()
        app.view.set_filter(row_test(Filter.parse("dstport=443"), gaps=True))
        until = time.perf_counter() + POUR_S
        heart = asyncio.create_task(_beat(delays, until))
        number = 0
        while time.perf_counter() < until:
            app.view.append(batches[number % len(batches)])
            number, poured = number + 1, poured + BATCH
            await asyncio.sleep(BATCH / POURED_PER_S)
        await heart
    collector.stop()
    own, wall = ([*sorted(column)][int(len(delays) * 0.99)] for column in zip(*delays, strict=True))
    return poured / POUR_S, own, wall


async def _beat(delays: list[tuple[float, float]], until: float) -> None:
    while time.perf_counter() < until:
        start, start_own = time.perf_counter(), time.process_time()
        await asyncio.sleep(BEAT_S)
        own = time.process_time() - start_own
        delays.append((own * 1000, (time.perf_counter() - start - BEAT_S) * 1000))


if __name__ == "__main__":
    _print_memory(sys.argv[1])
