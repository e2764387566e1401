"""``python -m tests.bench [NAME ...] [--rounds N] [--data FOLDER]``; ``--help`` tells the names and more."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import app, follow, large, load, s3, startup, tail
from tests.bench.figures import Figures


def main() -> None:
    """Run the named benchmarks, and print all figures as a table at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures flowtui beside its peers.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each measure is taken")
    parser.add_argument("--records", type=int, default=4_000_000, help="of the load")
    parser.add_argument("--large", type=int, default=10_000_000, help="records of memory, disk, queries and Parquet")
    parser.add_argument("--objects", type=int, default=4_000, help="of 50 kB, for S3")
    parser.add_argument("--known", type=int, default=10_000, help="objects of the load that finds nothing new")
    parser.add_argument(
        "--data", type=Path, help="keep data and environments of peers in this folder, for the next run"
    )
    figures = Figures()
    benches: dict[str, Callable[[Path, argparse.Namespace], None]] = {
        "startup": lambda folder, given: startup.run(figures, folder, given.rounds),
        "load": lambda folder, given: load.run(figures, folder, given.rounds, given.records),
        "large": lambda folder, given: large.run(figures, folder, given.rounds, given.large),
        "app": lambda folder, given: app.run(figures, folder, given.rounds, 1_000_000, given.records),
        "s3": lambda folder, given: s3.run(figures, folder, given.rounds, given.objects, given.known),
        "follow": lambda folder, given: print(follow.run(True), follow.run(False), sep="\n"),
        "tail": lambda folder, given: tail.run(figures, folder, given.rounds),
    }
    parser.add_argument("names", nargs="*", choices=[*benches, "all"], default="all", metavar="NAME")
    given = parser.parse_args()
    # An installed program has its bytecode; one started from a checkout would else compile itself each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    names = list(benches) if "all" in given.names else given.names
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.data or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            benches[name](folder, given)
    print("\n" + figures.markdown())


if __name__ == "__main__":
    main()
