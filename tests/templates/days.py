"""Writes the days of the S3 template: the values each parameter takes and the rules that compare them.

``python -m tests.templates.days`` rewrites the marked parts of the template; a test checks that they are up to date.

Rules of CloudFormation cannot compare numbers, only look a value up in a list. So every value is listed, and the rules
list the pairs that make no sense. An inline template may have 51,200 bytes, so the pairs are told by halves: all the
later values against all the earlier ones, then the same within each half.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterable, Sequence

from flowtui.stacks.templates import load_template

TRANSITION, RETENTION, GLACIER = "GlacierTransitionDays", "RetentionInDays", "GlacierRetentionDays"
# What CloudWatch Logs keeps records for, so that both templates take the same days.
CLOUDWATCH = (400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
YEARS = tuple(range(365, 3651, 365))
_EARLY = {*range(1, 32), *range(35, 121, 5)}
_LATE = {*range(450, 1001, 50), *range(1200, 3601, 300), *range(1500, 3501, 500), *CLOUDWATCH, *YEARS, 366}

VALUES: dict[str, tuple[int, ...]] = {
    RETENTION: tuple(sorted({*_EARLY, *range(130, 401, 10), *_LATE})),
    TRANSITION: (0, *sorted({*_EARLY, *range(150, 361, 30), 200, 300, 365, 400, 500, 730, 1095, 1825})),
    GLACIER: tuple(sorted({7, 14, 21, 28, *range(30, 121, 5), *range(130, 401, 10), *_LATE})),
}
_MOST_IN_OR = 10
_FEW = 16

Pair = tuple[tuple[int, ...], tuple[int, ...]]
Run = tuple[bool, tuple[int, ...]]


def refused(firsts: Sequence[int], seconds: Sequence[int], *, equal: bool) -> list[Pair]:
    """Pairs of lists ``(some firsts, some seconds)`` that together hold exactly the pairs with first > second.

    ``equal`` also takes in those with first == second.
    """
    # In this order a pair is one to refuse when its first comes after its second.
    order = sorted([(value, equal, True) for value in firsts] + [(value, not equal, False) for value in seconds])
    grouped = itertools.groupby(order, lambda one: one[2])
    return _told([(is_first, tuple(value for value, _, _ in run)) for is_first, run in grouped])


def _told(runs: Sequence[Run]) -> list[Pair]:
    if len(runs) <= _FEW:
        # So few are told shortest one by one: each of the firsts against all seconds before it.
        return [pair for at in range(len(runs)) if all(pair := _across(runs[:at], runs[at : at + 1]))]
    half = len(runs) // 2
    earlier, later = runs[:half], runs[half:]
    return [_across(earlier, later), *_told(earlier), *_told(later)]


def _across(earlier: Sequence[Run], later: Sequence[Run]) -> Pair:
    firsts = tuple(value for is_first, run in later if is_first for value in run)
    return firsts, tuple(value for is_first, run in earlier if not is_first for value in run)


def _contains(values: Iterable[int], name: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"Fn::Contains: [[{listed}], !Ref {name}]"


def _assertions(pairs: Sequence[Pair], first: str, second: str, said: str) -> str:
    """The pairs as assertions of a rule, as many in one as CloudFormation's Or takes."""
    lines: list[str] = []
    per = -(-len(pairs) // -(-len(pairs) // _MOST_IN_OR))
    for at in range(0, len(pairs), per):
        looked_up = ", ".join(
            f"!And [{_contains(firsts, first)}, {_contains(seconds, second)}]"
            for firsts, seconds in pairs[at : at + per]
        )
        lines += ["- Assert: !Not [!Or [", *_wrapped(f"{looked_up}]]"), f"  AssertDescription: {said}"]
    return textwrap.indent("\n".join(lines), " " * 6)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 113, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False)


def parts() -> dict[str, str]:
    """The generated parts of the template by the name in their markers."""
    made = {}
    for name, values in VALUES.items():
        lines = textwrap.wrap(", ".join(map(str, values)), 110)
        made[name] = textwrap.indent("AllowedValues:\n  [" + "\n   ".join(lines) + "]", " " * 4)
    transitions = [value for value in VALUES[TRANSITION] if value]
    early = refused(transitions, VALUES[RETENTION], equal=True)
    short = refused(VALUES[RETENTION], VALUES[GLACIER], equal=False)
    made["GlacierBeforeRetention"] = _assertions(
        early, TRANSITION, RETENTION, f"{TRANSITION} has to be less than {RETENTION}."
    )
    made["GlacierKeepsLongEnough"] = _assertions(
        short, RETENTION, GLACIER, f"{GLACIER} may not be less than {RETENTION}."
    )
    return made


def written(body: str) -> str:
    """A template with its generated parts written anew."""
    for name, part in parts().items():
        marked = re.compile(rf"( *# generated: {name}\n).*?( *# end of {name}\n)", re.DOTALL)
        body, count = marked.subn(lambda found, part=part: f"{found[1]}{part}\n{found[2]}", body)
        assert count == 1, f"the template has {count} places for {name}"
    return body


if __name__ == "__main__":
    template = load_template("s3")
    template.path.write_text(written(template.body), encoding="utf-8")
