"""One thing the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flowtui.aws.evidence_models import Unread

Status = Literal["ok", "warn", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    ``check`` is its name, ``found`` what there is, ``advice`` what to do (empty when nothing), ``looked_at`` the calls
    or facts it rests on, ``subject`` the VPC or flow log it is about. ``unknown`` means the check could not be made.
    """

    check: str
    status: Status
    found: str
    advice: str = ""
    looked_at: str = ""
    subject: str = ""


def unread(check: str, fact: Unread, looked_at: str) -> Finding:
    """The finding for a fact that could not be looked at."""
    if fact.action:
        return Finding(check, "unknown", f"cannot check: needs {fact.action}", f"Ask for {fact.action}.", looked_at)
    return Finding(check, "unknown", f"cannot check: {fact.reason}", "", looked_at)
