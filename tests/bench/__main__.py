"""``python -m tests.bench [startup|load|all] [--rounds N] [--records N]``."""

from __future__ import annotations

import argparse

from tests.bench import load, startup


def main() -> None:
    """Run the named benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("name", nargs="?", choices=["startup", "load", "all"], default="all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--records", type=int, default=1_000_000, help="records of the load benchmark")
    options = parser.parse_args()
    if options.name in ("startup", "all"):
        startup.run(options.rounds)
    if options.name in ("load", "all"):
        load.run(options.rounds, options.records)


if __name__ == "__main__":
    main()
