"""The root command. Commands are imported by name when they are run, so that ``--help`` stays fast."""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import Any

import click

from flowtui import __version__
from flowtui.cli.options import global_options, make_context, remember
from flowtui.errors import UsageError

# name: one line of help, written here so that listing the commands imports none of them.
COMMANDS = {
    "vpcs": "Coverage of every VPC by flow logs.",
    "doctor": "Findings for a VPC or flow log.",
    "templates": "List, show or copy out the bundled templates.",
    "deploy": "Deploy a bundled template: cloudwatch or s3.",
    "stacks": "List, watch or delete the stacks made here.",
    "prices": "Show or set the prices of cost estimates.",
    "tail": "Records of a VPC, interface or log group.",
    "load": "Load flow log files or S3 objects into the workspace.",
    "inventory": "Keep what the accounts have, to join it with records.",
    "export": "Write the workspace's records as Parquet, a folder a day.",
    "forget": "Remove from the workspace what a path or a time range brought in.",
    "compact": "Give back the space that forgotten records leave.",
    "sql": "Ask the workspace in Athena SQL.",
    "examples": "List or show the queries of the library.",
    "ddl": "The Athena tables for a flow log, printed or made.",
    "iam": "The least IAM policy, whole or per command.",
    "info": "Versions, paths, settings and where each came from.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and help, and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import ``flowtui.cli.NAME`` and return its ``command``."""
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, 1)
            if near and not ctx.resilient_parsing:
                ctx.fail(f"No such command '{cmd_name}'. Did you mean {near[0]}?")
            return None
        command: click.Command = importlib.import_module(f"flowtui.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@global_options
@click.version_option(__version__, prog_name="flowtui")
@click.pass_context
def flowtui(ctx: click.Context, /, **parameters: Any) -> Any:
    """See, deploy, tail, load and query AWS VPC flow logs.

    Without a command the terminal app starts; try it on a simulated account with --demo.

    A TIME is 10m, 2h, 3d, yesterday, 2024-01-15 or 2024-01-15T14:05, in UTC.
    """
    remember(ctx, parameters)
    if ctx.invoked_subcommand is None:
        need_a_terminal()
        from flowtui.tui.app import run_app

        return run_app(make_context(ctx))
    return None


def need_a_terminal() -> None:
    """Refuse to open the app where no key can reach it: it would wait for ever.

    Raises:
        UsageError: standard input or the stream the app paints on (stderr, as Textual does) is no terminal.
    """
    for stream, name in ((sys.stdin, "input"), (sys.stderr, "error")):
        if not stream.isatty():
            raise UsageError(
                f"The app needs a terminal, and standard {name} is none.",
                "In scripts use a command: flowtui --help lists them.",
            )
