"""Who we are on AWS, for the header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowtui.errors import FlowTuiError

if TYPE_CHECKING:
    from flowtui.aws.session import Account


def names_and_regions(accounts: Sequence[Account], dot: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Each account's name, with its id where AWS tells it, and all their regions; asks AWS."""
    names: list[str] = []
    regions: list[str] = []
    for account in accounts:
        name = account.name
        try:
            regions += account.regions()
            name = f"{name} {dot} {account.identity().account_id}"
        except FlowTuiError:
            # The screen that needs the account reports this failure in full; the header just says less.
            pass
        names.append(name)
    return tuple(names), tuple(dict.fromkeys(regions))
