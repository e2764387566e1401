"""``flowtui doctor``: findings for a VPC or flow log."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import StatusLine, fit, terminal_width, write
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_PARTIAL
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.insight.findings import Finding

_SYMBOLS = {"ok": "✓", "warn": "!", "bad": "✖", "unknown": "?"}
_COLOURS = {"ok": "green", "warn": "yellow", "bad": "red", "unknown": "yellow"}
_WIDTH = 100
_CHECK_WIDTH = 18
_NARROWEST = 20


@click.command("doctor")
@with_context
@click.argument("target", metavar="ID")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(context: Context, target: str, output: str) -> int:
    """What is right and wrong with the flow logs of a VPC (vpc-…), or with one flow log (fl-…).

    Each check says what was looked at, what was found and what to do. The exit status is 3 where some check could not
    be made, whatever the others found; --output json has each one's status.
    """
    from flowtui.aws.evidence import gather
    from flowtui.insight.doctor import examine

    status = StatusLine()
    status.show(f"examining {target} …")
    try:
        evidence = gather(context.account, target)
    finally:
        status.clear()
    findings = examine(evidence)
    exit_status = EXIT_PARTIAL if any(finding.status == "unknown" for finding in findings) else EXIT_DONE
    if output == "json":
        shown = {"target": target, "region": evidence.region, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(shown, indent=2))
        return exit_status
    name = f" {evidence.vpc.name}" if evidence.vpc and evidence.vpc.name else ""
    write([f"{target}{clean(name)} in {evidence.region}", *_lines(findings)], ascii_only=context.settings.ascii)
    return exit_status


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    subject = ""
    for finding in findings:
        if finding.subject != subject:
            subject = finding.subject
            yield ""
            yield clean(subject)
        yield from _told(finding)
    bad = [sum(finding.status == status for finding in findings) for status in ("bad", "warn", "unknown")]
    yield ""
    noun = "check" if len(findings) == 1 else "checks"
    yield f"{len(findings)} {noun}: {bad[0]} bad, {bad[1]} to look at, {bad[2]} could not be made"


def _told(finding: Finding) -> Iterator[str]:
    """The symbol and check, what was found and what that rests on, then what to do."""
    symbol = click.style(_SYMBOLS[finding.status], fg=_COLOURS[finding.status])
    head = f"  {symbol} {fit(finding.check, _CHECK_WIDTH)}  "
    indent = " " * (_CHECK_WIDTH + 6)
    width = max(_NARROWEST, min(terminal_width() or _WIDTH, _WIDTH) - len(indent))
    found = clean(finding.found) + (f"  ({clean(finding.looked_at)})" if finding.looked_at else "")
    parts = _wrapped(found, width)
    if finding.advice:
        parts += _wrapped(f"→ {clean(finding.advice)}", width, "  ")
    for place, part in enumerate(parts):
        yield (head if place == 0 else indent) + part


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    # ARNs and log groups are full of hyphens; broken there they could not be copied.
    return textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
