"""Regular expressions over lines, whatever the case, at the speed of those that heed it.

Where case is ignored the matcher looks at every letter by itself; where it counts, it leaps to the next place at which
an expression's first letters stand. So most expressions are written in small letters and sought in the line's.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

# Expressions that mean the same in small letters: no escape or group but these, and of ranges none that has letters of
# one case only because of where it begins and ends.
_PLAIN = re.compile(
    r"""(?:
      \\[dDsSwWbB] | \\[^\w\s]
    | \[\^?(?: 0-9 | a-z | A-Z | a-f | A-F | \\[dDsSwW] | \\[^\w\s] | [^\]\\\-\[] )+\]
    | \((?!\?) | \(\?(?: [:=!] | <[=!] )
    | [^\\\[(]
    )*""",
    re.VERBOSE,
)
_CAPITALS = re.compile(r"\\.|[A-Z]+")


def line_search(text: str) -> Callable[[str], bool]:
    """A test of whether a line matches a regular expression somewhere, whatever the case.

    Raises:
        re.error: it is none; ``pos`` is the place in it.
    """
    with warnings.catch_warnings():
        # What some later Python may read otherwise is no news to who types it.
        warnings.simplefilter("ignore", FutureWarning)
        search = re.compile(text, re.IGNORECASE).search
    if not text.isascii() or not _PLAIN.fullmatch(text):
        return lambda line: search(line) is not None
    small = _CAPITALS.sub(lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), text)
    search_small = re.compile(small).search
    # Other alphabets have letters that only count as one of these (the sign for kelvin as a k).
    return lambda line: (search_small(line.lower()) if line.isascii() else search(line)) is not None
