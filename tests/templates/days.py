"""Writes the days of the S3 template: the values each parameter takes and the rules that compare them.

``python -m tests.templates.days`` rewrites the marked parts of the template; a test checks that they are up to date.

Rules of CloudFormation cannot compare numbers, only look a value up in a list. So every value is listed, and the rules
list the pairs that make no sense, in two levels to stay far below the size an inline template may have: first whole
blocks of values against each other, then the values within a block.
"""

from __future__ import annotations

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
    TRANSITION: (0, *sorted({*range(1, 32), *range(35, 61, 5), 75, *range(90, 361, 30), 100, 365, 400, 730, 1095})),
    GLACIER: tuple(sorted({90, 100, *range(120, 361, 30), *_LATE})),
}
_BLOCK = 8
_MOST_IN_OR = 10

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def refused(firsts: Sequence[int], seconds: Sequence[int], *, equal: bool) -> list[Pair]:
    """Pairs of lists ``(some firsts, some seconds)`` that together hold exactly the pairs with first > second.

    ``equal`` also takes in those with first == second.
    """
    pairs: list[Pair] = []
    less = 0 if equal else 1
    low = min(seconds) - 1
    for at in range(0, len(firsts), _BLOCK):
        block, later = tuple(firsts[at : at + _BLOCK]), tuple(firsts[at + _BLOCK :])
        # Whatever loses against the last of the block also does against all of the later ones.
        pairs.append((later, _between(seconds, low, block[-1] - less)))
        for number, first in enumerate(block):
            pairs.append((block[number:], _between(seconds, low, first - less)))
            low = first - less
    return [pair for pair in pairs if all(pair)]


def _between(values: Iterable[int], low: int, high: int) -> tuple[int, ...]:
    return tuple(value for value in values if low < value <= high)


def _listed(values: Iterable[int]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _assertions(pairs: Sequence[Pair], first: str, second: str, said: str) -> str:
    """The pairs as assertions of a rule, as many in one as CloudFormation's Or takes."""
    lines: list[str] = []
    per = -(-len(pairs) // -(-len(pairs) // _MOST_IN_OR))
    for at in range(0, len(pairs), per):
        lines.append("- Assert: !Not\n    - !Or")
        for firsts, seconds in pairs[at : at + per]:
            text = f"- !And [Fn::Contains: [[{_listed(firsts)}], !Ref {first}],"
            lines += _wrapped(text, 8) + _wrapped(f"Fn::Contains: [[{_listed(seconds)}], !Ref {second}]]", 10)
        lines.append(f"  AssertDescription: {said}")
    return textwrap.indent("\n".join(lines), " " * 6)


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(
        text, 112, initial_indent=" " * indent, subsequent_indent=" " * max(indent, 10), break_on_hyphens=False
    )


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
