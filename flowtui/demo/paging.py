"""Pages and their tokens."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TypeVar

from flowtui.demo.hooks import ApiError

T = TypeVar("T")


def page(
    items: Sequence[T], token: str | None, size: int | None, *, code: str = "InvalidNextToken"
) -> tuple[Sequence[T], str | None]:
    """A page of items and the token of the next, None at the end.

    Raises:
        ApiError: the token was never given out; ``code`` is the service's word for that.
    """
    first = 0
    if token:
        try:
            first = int(base64.b64decode(token, validate=True))
        except ValueError:
            raise ApiError(code, f"The token '{token}' is invalid") from None
    last = len(items) if size is None else first + size
    following = base64.b64encode(str(last).encode()).decode() if last < len(items) else None
    return items[first:last], following
