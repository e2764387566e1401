"""What the commands that run statements on Athena share: options, the estimate before a run, the question it raises."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flowtui.cli.tables import StatusLine
from flowtui.config import Settings, with_options
from flowtui.context import Context
from flowtui.errors import ReadOnlyError, UsageError
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.aws.athena import Execution
    from flowtui.sql.athena_engine import AthenaEngine
    from flowtui.sql.estimate import Estimate
    from flowtui.sql.statements import Statement

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--workgroup", metavar="NAME", help="Athena: workgroup, instead of the setting athena_workgroup."),
    click.option("--database", metavar="NAME", help="Athena: database of tables named without one."),
    click.option("--output-location", metavar="S3_URI", help="Athena: where results go, s3://…"),
    click.option("--reuse", metavar="MINUTES", type=int, help="Athena: take a result that is at most this old."),
)


def athena_options(command: _Command) -> _Command:
    """Add the options that say where on Athena a statement runs."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings_of(
    context: Context, workgroup: str | None, database: str | None, output_location: str | None, reuse: int | None
) -> Settings:
    """The settings with what the options say.

    Raises:
        UsageError: an option's value is of the wrong kind.
    """
    return with_options(
        context.settings,
        athena_workgroup=workgroup,
        athena_database=database,
        athena_output=output_location,
        athena_reuse_min=reuse,
    )


class Asker:
    """Runs statements on Athena: estimates each first, and asks where the user should decide.

    Args:
        context: the run.
        settings: with the options of the command in them.
        yes: everything is agreed to beforehand.
    """

    def __init__(self, context: Context, settings: Settings, *, yes: bool) -> None:
        from flowtui.sql.athena_engine import AthenaEngine, place_of

        self._account = context.account
        self._settings = settings
        self._yes = yes
        self._status = StatusLine()
        place = place_of(self._account, settings)
        self.engine: AthenaEngine = AthenaEngine(self._account, place, self._watch)

    def _watch(self, now: Execution) -> None:
        if now.done:
            self._status.clear()
        else:
            self._status.show(f"Athena: {now.state.lower()} …")

    def estimate(self, text: str, statement: Statement) -> Estimate:
        """What a statement would scan; told on stderr."""
        from flowtui.sql.estimate import Counting, Estimate, estimate

        found = Estimate()
        try:
            for value in estimate(self._account, self.engine.place, text, statement):
                if isinstance(value, Counting):
                    self._status.show(f"estimate: {value.objects:,} objects listed …")
                else:
                    found = value
        finally:
            self._status.clear()
        click.echo(clean(f"Athena: {found.text()} · {self.engine.place.told}"), err=True)
        for remark in found.remarks:
            click.secho(clean(f"note: {remark}"), err=True, fg="yellow")
        return found

    def agreed(self, text: str, statement: Statement) -> bool:
        """Whether a statement may run: it only reads and is cheap, or the user says so.

        Raises:
            ReadOnlyError: the account is read-only, where Athena may not be asked at all.
            UsageError: it has to be asked about, and nobody is there to answer.
        """
        from flowtui.sql.athena_text import submission
        from flowtui.sql.estimate import concern

        if self._account.read_only:
            raise ReadOnlyError(
                "athena:StartQueryExecution was not sent: flowtui is read-only, and every result is written to S3.",
                "Add --estimate to see what it would scan, or leave --read-only out.",
            )
        sent = submission(text, statement)
        reason = concern(sent, self.estimate(text, statement), self._settings.athena_ask_usd)
        if not reason or self._yes:
            return True
        if not sys.stdin.isatty():
            raise UsageError(f"{reason} There is no terminal to ask on.", "Add --yes to run it.")
        return click.confirm(f"{reason} Run it?", default=False, err=True)
