"""Signatures of functions: reading them from the table, and choosing the one a call means.

A parameter is a type as Athena writes it. A single capital letter stands for any type (``T``, ``U``, ``K``, ``V``,
``S``, ``R``), any number (``N``), any whole number (``I``) or any type with an order (``O``); the same letter means the
same type throughout, except ``A``, which is anything each time. ``varchar``, ``decimal``, ``timestamp`` and ``tstz``
stand for every length and precision.

``function(T,R)`` is a lambda. ``...`` repeats the last parameter. A result ``=1`` is the type of the first argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flowtui.sql.dialect import types
from flowtui.sql.dialect.typenames import split_top
from flowtui.sql.dialect.types import Type, can_widen, common_type

LETTERS = frozenset("ATUKVSRNIO")


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. ``result`` may be a letter, or ``=n`` for the type of an argument."""

    text: str
    parameters: tuple[Type, ...]
    result: Type
    repeats: bool

    def parameter(self, place: int) -> Type:
        """The parameter an argument meets."""
        return self.parameters[min(place, len(self.parameters) - 1)]

    def takes(self, count: int) -> bool:
        """Whether the number of arguments fits."""
        return count == len(self.parameters) or (self.repeats and count >= len(self.parameters) - 1)


@lru_cache(maxsize=1024)
def parse_signature(text: str) -> Signature:
    """Read ``name(type, …) -> type``."""
    head, _, result = text.partition("->")
    inside = head[head.index("(") + 1 : head.rindex(")")]
    words = split_top(inside)
    repeats = bool(words) and words[-1] == "..."
    parameters = tuple(parse_type(word) for word in (words[:-1] if repeats else words))
    return Signature(text.strip(), parameters, parse_type(result.strip()), repeats)


_WORDS = {"N": "number", "I": "whole number", "O": "value with an order"}


def in_words(text: str) -> str:
    """``name(type, …)`` of a signature as a message shows it, with words for its letters."""
    signature = parse_signature(text)
    words = [_in_words(parameter) for parameter in signature.parameters]
    if signature.repeats:
        words[len(words) - (len(words) > 1) :] = ["…"]
    return f"{text.partition('(')[0]}({', '.join(words)})"


def _in_words(pattern: Type) -> str:
    if pattern.name == "function":
        names = ", ".join("xyz"[: len(pattern.of) - 1])
        return f"{names} -> …" if len(pattern.of) == 2 else f"({names}) -> …"
    if pattern.name in LETTERS:
        return _WORDS.get(pattern.name, "any value")
    if not pattern.of:
        return pattern.name
    free = all(part.name in LETTERS - set(_WORDS) for part in pattern.of)
    return pattern.name if free else f"{pattern.name}({', '.join(_in_words(part) for part in pattern.of)})"


def parse_type(text: str) -> Type:
    """A type of the table of functions."""
    if text == "tstz":
        return types.ZONED
    name, _, inside = text.partition("(")
    parts = split_top(inside.removesuffix(")"))
    if name == "timestamp":
        return types.timestamp(int(parts[0]) if parts else 3)
    if parts and all(part.isdigit() for part in parts):
        return Type(name, tuple(int(part) for part in parts))
    of = tuple(parse_type(part) for part in parts)
    return Type(name, of=of, fields=(None,) * len(of) if name == "row" else ())


class Match:
    """An attempt to fit arguments to a signature: what each letter stands for, and how many must be widened."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.letters: dict[str, Type] = {}
        self.cost = 0

    def accept(self, place: int, type_: Type) -> bool:
        """Fit one argument; lambdas are fitted by the caller."""
        return self.fit(self.signature.parameter(place), type_)

    def fit(self, pattern: Type, type_: Type) -> bool:
        """Fit a type to a pattern, learning what its letters stand for."""
        if pattern.name in LETTERS:
            return self._fit_letter(pattern.name, type_)
        if type_ == types.UNKNOWN:
            return True
        if pattern.of:
            same = pattern.name == type_.name and len(pattern.of) == len(type_.of)
            return same and all(self.fit(a, b) for a, b in zip(pattern.of, type_.of, strict=True))
        if pattern.name == type_.name:
            return True
        self.cost += 1
        if pattern.name == "decimal":
            return type_.is_integer
        if pattern.name == "timestamp":
            return type_.name == "date"
        if pattern.name == "timestamp with time zone":
            self.cost += 1
            return type_.is_moment
        return can_widen(type_, pattern)

    def _fit_letter(self, letter: str, type_: Type) -> bool:
        if letter == "A" or type_ == types.UNKNOWN:
            self.letters.setdefault(letter, type_)
            return True
        if (letter == "N" and not type_.is_number) or (letter == "I" and not type_.is_integer):
            return False
        if letter == "O" and not type_.is_orderable:
            return False
        wider = common_type(self.letters.get(letter, types.UNKNOWN), type_)
        if wider is None:
            return False
        self.letters[letter] = wider
        return True

    def resolve(self, pattern: Type, actual: Type | None = None) -> Type:
        """A parameter or result with its letters replaced; open lengths and precisions follow the argument."""
        if pattern.name in LETTERS:
            return actual if pattern.name == "A" and actual else self.letters.get(pattern.name, types.UNKNOWN)
        if pattern.of:
            return Type(pattern.name, of=tuple(self.resolve(part) for part in pattern.of), fields=pattern.fields)
        if actual is None or actual == types.UNKNOWN:
            return types.decimal(38, 0) if pattern.name == "decimal" and not pattern.args else pattern
        if pattern.name == actual.name:
            return actual
        if pattern.name == "decimal":
            return types.as_decimal(actual)
        if pattern.name in ("timestamp", "timestamp with time zone"):
            return Type(pattern.name, actual.args or (0,))
        return pattern

    def result(self, arguments: Sequence[Type]) -> Type:
        """The type of the call."""
        return self._result(self.signature.result, arguments)

    def _result(self, pattern: Type, arguments: Sequence[Type]) -> Type:
        if pattern.name.startswith("="):
            return arguments[int(pattern.name[1:]) - 1]
        if pattern.of and any(part.name.startswith("=") for part in pattern.of):
            return Type(pattern.name, of=tuple(self._result(part, arguments) for part in pattern.of))
        return self.resolve(pattern)
