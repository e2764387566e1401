"""AWS over HTTP: moto in a process of its own, faults in front of it, and flowtui's command line run against it.

moto is not AWS. These tests prove our side of the protocol: paging, regions, retries, and what a user is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from flowtui.cli import run
from tests.e2e.faults import Call, Fault

ROOT = Path(__file__).parents[2]


@dataclass
class StandIn:
    """The running stand-in."""

    url: str

    def client(self, service: str, region: str = "us-east-1") -> Any:
        return boto3.client(service, region_name=region, endpoint_url=self.url)

    def fail(self, *faults: Fault) -> None:
        """Put faults in force, replacing those before, and forget the calls so far."""
        self._post("/_faults", json.dumps([asdict(fault) for fault in faults]).encode())

    def reset(self) -> None:
        self.fail()
        self._post("/moto-api/reset", b"")

    def calls(self) -> list[Call]:
        with urllib.request.urlopen(f"{self.url}/_faults", timeout=60) as answer:
            return [Call(**item) for item in json.load(answer)]

    def count(self, operation: str) -> int:
        return sum(call.operation == operation for call in self.calls())

    def _post(self, path: str, body: bytes) -> None:
        urllib.request.urlopen(urllib.request.Request(self.url + path, body), timeout=60).close()


@pytest.fixture(scope="session")
def server() -> Iterator[StandIn]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-m", "tests.e2e.server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        port = process.stdout.readline().strip()
        assert port, "the stand-in did not start"
        try:
            yield StandIn(f"http://127.0.0.1:{port}")
        finally:
            process.stdin.close()
            process.wait(60)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keys that a stand-in takes, and nothing of the machine's own configuration."""
    for name in os.environ:
        if name.startswith(("AWS_", "FLOWTUI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture
def aws(server: StandIn, environment: None) -> StandIn:
    server.reset()
    return server


@dataclass
class Result:
    """What a command line did."""

    status: int
    out: str
    err: str


Cli = Callable[..., Result]


@pytest.fixture
def cli(aws: StandIn, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command line against the stand-in, in this process."""

    def call(*arguments: str, endpoint: str = aws.url) -> Result:
        capfd.readouterr()
        status = run([*arguments, "--endpoint-url", endpoint])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        return Result(status, captured.out, captured.err)

    return call
