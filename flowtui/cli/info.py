"""``flowtui info``: versions, paths, settings and where each came from."""

from __future__ import annotations

import json
import platform
from importlib import metadata

import click

from flowtui import __version__
from flowtui.cli.options import with_context
from flowtui.config import SETTINGS, cache_dir, data_dir
from flowtui.context import Context

LIBRARIES = ("textual", "boto3", "obstore", "duckdb", "sqlglot", "pyarrow", "textual-fastdatatable")


@click.command("info")
@with_context
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(context: Context, output: str) -> None:
    """Versions, paths, settings and where each came from."""
    settings = context.settings
    versions = {"flowtui": __version__, "python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in LIBRARIES}
    paths = {
        "config": str(settings.config_file),
        "workspace": str(settings.workspace),
        "data": str(data_dir()),
        "cache": str(cache_dir()),
    }
    values = {
        setting.name: {"value": getattr(settings, setting.name), "source": settings.sources[setting.name]}
        for setting in SETTINGS
    }
    if output == "json":
        click.echo(json.dumps({"versions": versions, "paths": paths, "settings": values}, indent=2, default=str))
        return
    for title, rows in (("Versions", versions), ("Paths", paths)):
        click.echo(title)
        for name, value in rows.items():
            click.echo(f"  {name:<22} {value}")
    click.echo("Settings")
    for name, entry in values.items():
        click.echo(f"  {name:<22} {_shown(entry['value']):<40} {entry['source']}")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{name}={key}" for name, key in value.items()) or "–"
    return "–" if value is None or value == "" else str(value).lower() if isinstance(value, bool) else str(value)
