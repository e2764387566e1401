"""S3 over loopback: fetching against ``aws s3 cp``, loading against its halves, a load again, and what is listed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.data import TREE, write_files
from tests.bench.figures import Figures
from tests.bench.pairs import Measure, Race, Run, process
from tests.bench.peers import peer
from tests.bench.server import BUCKET

URI = f"s3://{BUCKET}/"
_FETCH = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from flowtui.aws.objects import list_objects
from flowtui.aws.session import Account
from flowtui.lake.download import s3_sources
from flowtui.lake.load import FETCHERS
account = Account(None, ("us-east-1",), endpoint_url=sys.argv[1])
sources = s3_sources(account, list_objects(account, "{BUCKET}", ""))
if "--list" not in sys.argv:
    with ThreadPoolExecutor(FETCHERS) as pool:
        list(pool.map(lambda source: source.fetch(), sources))
print(len(sources))
"""


@dataclass(frozen=True)
class Server:
    """A running server, and the folder for caches and workspaces of its clients."""

    url: str
    place: Path

    def run(self, *command: str) -> Run:
        """A client, with keys that the server does not look at and a cache of its own."""
        keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
        own = {"XDG_CACHE_HOME": str(self.place / "cache"), "AWS_CONFIG_FILE": str(self.place / "none")}
        return process(*command, env={**keys, **own})

    def load(self, *options: str) -> Run:
        """``flowtui load`` into the workspace."""
        command = (sys.executable, "-m", "flowtui", "load", URI, "--endpoint-url", self.url)
        return self.run(*command, "--workspace", str(self.place / "s3.duckdb"), *options)

    def fetch(self, *options: str) -> Run:
        """Our fetching alone."""
        return self.run(sys.executable, "-c", _FETCH, self.url, *options)

    def forget(self, *names: str) -> None:
        """Remove what clients left: ``cache``, ``s3.duckdb``, ``copied``."""
        for name in names:
            shutil.rmtree(self.place / name, ignore_errors=True)
            (self.place / name).unlink(missing_ok=True)

    def asked(self) -> tuple[list[str], int]:
        """Prefixes listed so far, and objects got."""
        with urllib.request.urlopen(f"{self.url}/_asked", timeout=10) as answer:
            said = json.load(answer)
        return said["listings"], said["gets"]


@contextmanager
def serving(folder: Path, place: Path) -> Iterator[Server]:
    """A server of a folder in a process of its own."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.bench.server", str(folder)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        try:
            yield Server(f"http://127.0.0.1:{int(child.stdout.readline())}", place)
        finally:
            child.stdin.close()


def run(figures: Figures, folder: Path, rounds: int, objects: int, known: int) -> None:
    """All figures about S3; ``objects`` of 50 kB are fetched, ``known`` small ones are met again."""
    place = folder / "s3"
    place.mkdir(exist_ok=True)
    print(f"fetching {objects:,} objects of about 50 kB over loopback")
    with serving(_root(write_files(folder, objects * 2000, 2000)), place) as server:
        _fetching(figures, server, folder, rounds, objects)
        _loading(figures, server, rounds)
    print(f"meeting {known:,} known objects again")
    with serving(_root(write_files(folder, known * 2, 2)), place) as server:
        _again(figures, server, rounds, known)
        _days(figures, server, known)


def _root(files: list[Path]) -> Path:
    return next(parent.parent for parent in files[0].parents if parent.name == "AWSLogs")


def _fetching(figures: Figures, server: Server, folder: Path, rounds: int, objects: int) -> None:
    def ours() -> Run:
        server.forget("cache")
        return server.fetch()

    measures: dict[str, Measure] = {"ours": ours}
    if (there := peer(folder, "awscli")) is not None:
        copied = str(server.place / "copied")

        def theirs() -> Run:
            server.forget("copied")
            options = ("--recursive", "--only-show-errors", "--endpoint-url", server.url)
            return server.run(str(there / "aws"), "s3", "cp", URI, copied, *options)

        measures["aws"] = theirs
    race = Race(measures, rounds, warm=False)
    rate = f"{objects / race.seconds('ours'):,.0f} objects/s"
    if "aws" in measures:
        beside = f"aws s3 cp --recursive {objects / race.seconds('aws'):,.0f} objects/s"
        figures.add(
            "fetching 50 kB objects over loopback", f"{race.ratio('ours', 'aws'):.1f} × ({rate})", beside, "≥ 5 ×"
        )
    else:
        figures.add("fetching 50 kB objects over loopback", rate, "", "≥ 5 × aws s3 cp")
    server.forget("copied", "cache")


def _loading(figures: Figures, server: Server, rounds: int) -> None:
    def both() -> Run:
        server.forget("cache", "s3.duckdb")
        return server.load()

    def loading() -> Run:  # what the one before fetched is in the cache
        server.forget("s3.duckdb")
        return server.load()

    def fetching() -> Run:
        server.forget("cache")
        return server.fetch()

    race = Race({"both": both, "loading": loading, "fetching": fetching}, rounds, warm=False)
    slower = max(race.seconds("loading"), race.seconds("fetching"))
    figures.add(
        "loading from S3, against the slower half",
        f"{race.seconds('both') / slower:.2f} × ({race.seconds('both'):.1f} s)",
        f"loading alone {race.seconds('loading'):.1f} s, fetching alone {race.seconds('fetching'):.1f} s",
        "≤ 1.25 ×",
    )
    server.forget("cache", "s3.duckdb")


def _again(figures: Figures, server: Server, rounds: int, known: int) -> None:
    server.forget("cache", "s3.duckdb")
    server.load()
    before = server.asked()[1]
    race = Race({"again": server.load, "listing": lambda: server.fetch("--list")}, rounds, warm=False)
    fetched = server.asked()[1] - before
    figures.add(
        f"a load again, all of {known:,} objects known",
        f"{race.seconds('again') - race.seconds('listing'):.1f} s beyond the listing, {fetched} objects fetched",
        f"listing alone {race.seconds('listing'):.1f} s",
        "≤ 3 s, 0 fetched",
    )


def _days(figures: Figures, server: Server, known: int) -> None:
    before = len(server.asked()[0])
    server.load("--since", "2024-01-20", "--until", "2024-01-20", "--dry-run")
    prefixes = server.asked()[0][before:]
    below = [prefix for prefix in prefixes if prefix.startswith(f"{TREE}/")]
    figures.add(
        f"listing one day of a bucket of {known:,} objects",
        f"{len(prefixes)} requests: {len(prefixes) - len(below)} to find the folders, {len(below)} of days",
        f"the whole bucket takes {-(-known // 1000)}",
    )
