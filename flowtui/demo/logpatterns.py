"""CloudWatch filter patterns, as far as the demo account knows them: words."""

from __future__ import annotations

import re
from collections.abc import Callable

from flowtui.errors import FlowTuiError

_TERM = re.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')


def matcher(pattern: str) -> Callable[[str], bool]:
    """A test for messages: every word must occur, ``-word`` must not, of ``?word``\\ s one must.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForLiveTail.html

    Raises:
        FlowTuiError: the pattern needs more than words.
    """
    text = pattern.strip()
    if text.startswith(("[", "{", "%")):
        raise FlowTuiError(
            f"not in the demo account: the filter pattern {text}", "It knows words, -words and ?words only."
        )
    needed: list[str] = []
    banned: list[str] = []
    some: list[str] = []
    for sign, quoted, plain in _TERM.findall(text):
        word = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        {"": needed, "-": banned, "?": some}[sign].append(word)
    return lambda message: (
        all(word in message for word in needed)
        and not any(word in message for word in banned)
        and (not some or any(word in message for word in some))
    )
