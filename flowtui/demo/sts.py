"""STS of the demo account."""

from __future__ import annotations

from flowtui.demo.hooks import CALLER, Call, Handler
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.state import Json


def get_caller_identity(_: Call) -> Json:
    """Somebody who assumed the role prod-admin."""
    return {"UserId": "AROADEMODEMODEMODEMO:demo", "Account": ACCOUNT_ID, "Arn": CALLER}


HANDLERS: dict[str, Handler] = {"GetCallerIdentity": get_caller_identity}
