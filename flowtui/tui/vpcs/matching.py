"""The filter of the VPC list: words that must all be there, ``key:value``, ``!`` to exclude."""

from __future__ import annotations

from collections.abc import Mapping

from flowtui.insight.coverage import VpcCoverage

KEYS = ("state", "vpc", "name", "cidr", "region", "account", "to", "traffic", "version")


def facts(item: VpcCoverage) -> Mapping[str, str]:
    """What each key is matched against, in lower case."""
    vpc = item.vpc
    told = {
        "state": f"{item.state.value} {item.label}",
        "vpc": vpc.id,
        "name": vpc.name,
        "cidr": " ".join(vpc.cidrs),
        "region": vpc.region,
        "account": vpc.account_id,
        "to": " ".join(item.destinations),
        "traffic": item.traffic,
        "version": f"v{item.version}" if item.version else "",
    }
    return {key: text.casefold() for key, text in told.items()}


def matches(item: VpcCoverage, text: str) -> bool:
    """Whether a VPC passes: every word occurs somewhere, ``region:eu`` in that column, ``!x`` nowhere."""
    known = facts(item)
    for word in text.casefold().split():
        excluded = word.startswith("!")
        wanted = word.removeprefix("!")
        if not wanted:
            continue
        key, colon, value = wanted.partition(":")
        found = value in known[key] if colon and key in known else any(wanted in fact for fact in known.values())
        if found == excluded:
            return False
    return True
