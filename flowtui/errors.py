"""The one family of errors a user sees.

Every failure that has an explanation reaches the faces as a :class:`FlowTuiError`: what failed (service,
operation, resource) in ``message`` and what to do next in ``hint``. Anything else is a bug and keeps its traceback.
"""

from __future__ import annotations

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTIAL = 3
EXIT_INTERRUPTED = 130


class FlowTuiError(Exception):
    """Something failed in a way the user can understand and mostly mend.

    Args:
        message: what failed and which thing it failed on; one sentence, plain text.
        hint: the next step: a command, a setting, a missing IAM action. May be empty.
    """

    exit_status = EXIT_FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(FlowTuiError):
    """The request itself makes no sense: an unknown parameter, a malformed time, a wrong file kind."""

    exit_status = EXIT_USAGE


class ReadOnlyError(FlowTuiError):
    """A call was refused on this machine because flowtui runs read-only."""


class AwsError(FlowTuiError):
    """AWS, or the way to it, refused a call.

    Args:
        message: as in :class:`FlowTuiError`; names service, operation and region.
        hint: as in :class:`FlowTuiError`.
        code: AWS's error code (``UnauthorizedOperation``), or the name of a local failure (``NoCredentials``).
        action: the IAM action that was denied (``ec2:DescribeVpcs``), empty when nothing was denied.
        region: the region of the call, empty for global ones.
    """

    def __init__(self, message: str, hint: str = "", *, code: str = "", action: str = "", region: str = "") -> None:
        super().__init__(message, hint)
        self.code = code
        self.action = action
        self.region = region


class AccessDenied(AwsError):
    """AWS denied an action; ``action`` names it."""


class WorkspaceError(FlowTuiError):
    """The workspace file cannot be used: held by another process, of a newer version, damaged or unwritable."""


class QueryError(FlowTuiError):
    """A statement was refused or failed.

    Args:
        message: as in :class:`FlowTuiError`.
        hint: as in :class:`FlowTuiError`.
        line: 1-based line in the user's own text, 0 when unknown.
        column: 1-based column in that line, 0 when unknown.

    ``reason`` is the message without its place.
    """

    def __init__(self, message: str, hint: str = "", *, line: int = 0, column: int = 0) -> None:
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(place + message, hint)
        self.reason = message
        self.line = line
        self.column = column


class QueryCancelled(FlowTuiError):
    """A running query was stopped at the user's wish."""
