"""Links into the AWS console."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from urllib.parse import quote

_HOSTS = {"cn-": "console.amazonaws.cn", "us-gov-": "console.amazonaws-us-gov.com"}


def _base(region: str) -> str:
    host = next((host for prefix, host in _HOSTS.items() if region.startswith(prefix)), "")
    return f"https://{host}" if host else f"https://{region}.console.aws.amazon.com"


def vpc_url(region: str, vpc_id: str) -> str:
    """A VPC's page."""
    return f"{_base(region)}/vpcconsole/home?region={region}#VpcDetails:VpcId={quote(vpc_id)}"


def interface_url(region: str, interface_id: str) -> str:
    """A network interface's page."""
    return f"{_base(region)}/ec2/home?region={region}#NetworkInterface:networkInterfaceId={quote(interface_id)}"


def log_group_url(region: str, group: str) -> str:
    """A log group's page; the console wants the name encoded twice, with ``$`` for ``%``."""
    name = quote(quote(group, safe=""), safe="").replace("%", "$")
    return f"{_base(region)}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{name}"


def stack_url(region: str, stack_id: str) -> str:
    """A stack's page."""
    return f"{_base(region)}/cloudformation/home?region={region}#/stacks/stackinfo?stackId={quote(stack_id, safe='')}"


def has_browser(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser of the user's own would open: not over ssh, and only where there is a desktop.

    A text browser would take over the terminal the app is painted on.
    """
    if environment.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
