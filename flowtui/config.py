"""Settings, each with the place it came from.

Precedence: command line, environment, configuration file (TOML), default. :data:`SETTINGS` is the one table of
what can be set; ``flowtui info`` prints it with the source of every value.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from flowtui.errors import UsageError
from flowtui.places import expanded

APP = "flowtui"
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_WEEK_MIN = 10_080


def data_dir() -> Path:
    """Folder of workspaces and history, kept across upgrades."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def cache_dir() -> Path:
    """Folder of downloaded objects; may be removed at any time."""
    return Path(platformdirs.user_cache_dir(APP, appauthor=False))


def default_config_file() -> Path:
    """Where the configuration file is looked for when none is named."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, (list, tuple)) or not all(isinstance(name, str) for name in value):
        raise ValueError("must be a name or a list of names")
    return tuple(name.strip() for text in value for name in text.split(",") if name.strip())


def _regions(value: Any) -> tuple[str, ...]:
    return tuple(name.lower() for name in _names(value))


def _url(value: Any) -> str | None:
    text = _text(value)
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("is no http:// or https:// address")
    return text


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("must be true or false")


def _s3_folder(value: Any) -> str:
    text = _text(value)
    if text and not text.startswith("s3://"):
        raise ValueError("is no s3:// location")
    return text


def _minutes(value: Any) -> int:
    if isinstance(value, bool) or not str(value).strip().isdigit() or int(value) > _WEEK_MIN:
        raise ValueError(f"must be minutes, 0 to {_WEEK_MIN}")
    return int(value)


def _dollars(value: Any) -> float:
    try:
        amount = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        amount = float("nan")
    if not 0 <= amount < float("inf"):
        raise ValueError("must be US dollars, 0 or more")
    return amount


def _memory(value: Any) -> str:
    text = _text(value).strip()
    if text and not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?)B", text, re.IGNORECASE):
        raise ValueError("must be a size such as 4GB")
    return text


def _path(value: Any) -> Path:
    return expanded(_text(value))


def _keymap(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value.values()):
        raise ValueError('must be a table of binding = "key"')
    return dict(value)


@dataclass(frozen=True)
class Setting:
    """One thing that can be set.

    Args:
        name: key in the configuration file and attribute of :class:`Settings`.
        variables: environment variables, the first that is set wins.
        convert: turns text or a TOML value into the typed value; raises ValueError with the reason.
        default: value when nobody says otherwise.
        help: one line for ``info`` and the documentation.
    """

    name: str
    variables: tuple[str, ...]
    convert: Callable[[Any], Any]
    default: Any
    help: str


SETTINGS = (
    Setting("profile", ("FLOWTUI_PROFILE", "AWS_PROFILE"), _names, (), "AWS profiles to show"),
    Setting(
        "region",
        ("FLOWTUI_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"),
        _regions,
        (),
        "AWS regions to show, or all",
    ),
    Setting(
        "endpoint_url",
        ("FLOWTUI_ENDPOINT_URL", "AWS_ENDPOINT_URL"),
        _url,
        None,
        "endpoint to call instead of AWS",
    ),
    Setting("workspace", ("FLOWTUI_WORKSPACE",), _path, None, "DuckDB file that holds loaded records"),
    Setting(
        "memory_limit",
        ("FLOWTUI_MEMORY_LIMIT",),
        _memory,
        "",
        "memory that loading and local queries may use, such as 4GB; empty for 80 % of the machine's",
    ),
    Setting("read_only", ("FLOWTUI_READ_ONLY",), _flag, False, "refuse every AWS call that changes anything"),
    Setting("demo", ("FLOWTUI_DEMO",), _flag, False, "use the simulated account"),
    Setting("athena_workgroup", ("FLOWTUI_ATHENA_WORKGROUP",), _text, "primary", "workgroup of queries on Athena"),
    Setting("athena_catalog", ("FLOWTUI_ATHENA_CATALOG",), _text, "AwsDataCatalog", "data catalog of Athena's tables"),
    Setting(
        "athena_database",
        ("FLOWTUI_ATHENA_DATABASE",),
        _text,
        "vpc_flow_logs",
        "database of tables named without one, on Athena",
    ),
    Setting(
        "athena_output",
        ("FLOWTUI_ATHENA_OUTPUT",),
        _s3_folder,
        "",
        "where Athena's results go, s3://…; empty for the workgroup's own place",
    ),
    Setting(
        "athena_reuse_min",
        ("FLOWTUI_ATHENA_REUSE_MIN",),
        _minutes,
        0,
        "minutes for which Athena may take the result of the same text again; 0 for never",
    ),
    Setting(
        "athena_ask_usd",
        ("FLOWTUI_ATHENA_ASK_USD",),
        _dollars,
        0.10,
        "estimated price in US dollars above which a query on Athena is asked about first",
    ),
    Setting("live", ("FLOWTUI_LIVE",), _flag, True, "keep what is tailed in the workspace, as vpc_flow_logs.live"),
    Setting("theme", ("FLOWTUI_THEME",), _text, "flowtui-dark", "colour theme of the app"),
    Setting("ascii", ("FLOWTUI_ASCII",), _flag, False, "draw with ASCII characters only"),
    Setting("keys", (), _keymap, {}, "key bindings to change, by binding id"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The values in force. ``sources`` tells where each came from, ``config_file`` which file was read."""

    profile: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    endpoint_url: str | None = None
    workspace: Path = field(default_factory=lambda: data_dir() / "default.duckdb")
    memory_limit: str = ""
    read_only: bool = False
    demo: bool = False
    athena_workgroup: str = "primary"
    athena_catalog: str = "AwsDataCatalog"
    athena_database: str = "vpc_flow_logs"
    athena_output: str = ""
    athena_reuse_min: int = 0
    athena_ask_usd: float = 0.10
    live: bool = True
    theme: str = "flowtui-dark"
    ascii: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    config_file: Path = field(default_factory=default_config_file)
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def workspace_name(self) -> str:
        """What the header calls the workspace: its file name without the ending."""
        return self.workspace.stem


def load_settings(
    command_line: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> Settings:
    """Settle every setting by precedence.

    Args:
        command_line: values given there; absent, None and empty tuples mean "not given".
        environment: defaults to the process's.
        config_file: a file named by the user, which then must exist; otherwise the default place, which may not.

    Raises:
        UsageError: an unknown name or a value of the wrong kind, naming the place it was found.
    """
    environment = os.environ if environment is None else environment
    path, table = _read_config(config_file, environment)
    given = {name: value for name, value in (command_line or {}).items() if value is not None and value != ()}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for setting in SETTINGS:
        values[setting.name], sources[setting.name] = _settle(setting, given, environment, table, path)
    if values["workspace"] is None:
        # Records of the simulated account must never mix with real ones.
        values["workspace"] = data_dir() / ("demo.duckdb" if values["demo"] else "default.duckdb")
    return Settings(**values, config_file=path, sources=sources)


def with_options(settings: Settings, **given: Any) -> Settings:
    """The settings with those an option of a command names; None means "not given".

    Raises:
        UsageError: a value of the wrong kind.
    """
    named = {name: value for name, value in given.items() if value is not None}
    values = {name: _convert(_BY_NAME[name], value, "command line") for name, value in named.items()}
    return replace(settings, **values, sources={**settings.sources, **dict.fromkeys(named, "command line")})


def _settle(
    setting: Setting,
    given: Mapping[str, Any],
    environment: Mapping[str, str],
    table: Mapping[str, Any],
    path: Path,
) -> tuple[Any, str]:
    if setting.name in given:
        return _convert(setting, given[setting.name], "command line"), "command line"
    for variable in setting.variables:
        if environment.get(variable):
            return _convert(setting, environment[variable], variable), f"environment {variable}"
    if setting.name in table:
        return _convert(setting, table[setting.name], str(path)), str(path)
    return setting.default, "default"


def _convert(setting: Setting, value: Any, place: str) -> Any:
    try:
        return setting.convert(str(value) if isinstance(value, Path) else value)
    except ValueError as error:
        raise UsageError(f"{setting.name} from {place}: {value!r} {error}.", f"It is for: {setting.help}.") from None


def _read_config(named: Path | None, environment: Mapping[str, str]) -> tuple[Path, Mapping[str, Any]]:
    if named is None and environment.get("FLOWTUI_CONFIG"):
        named = Path(environment["FLOWTUI_CONFIG"])
    path = expanded(named or default_config_file())
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if named is not None:
            raise UsageError(f"No configuration file {path}.", "Check --config.") from None
        return path, {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} is not valid TOML: {error}.", "Mend the file or name another with --config."
        ) from None
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.", "Check --config.") from None
    unknown = sorted(set(table) - set(_BY_NAME))
    if unknown:
        raise UsageError(
            f"{path} sets {', '.join(unknown)}, which flowtui does not know.",
            f"Known settings: {', '.join(_BY_NAME)}.",
        )
    return path, table
