"""What a statement uses that exists in the workspace and nowhere in Athena."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot.tokenizer_core import TokenType

from flowtui.sql.dialect.catalog import INVENTORY_DATABASE, INVENTORY_TABLES
from flowtui.sql.dialect.functions import function_names, lookup
from flowtui.sql.dialect.translate import tokenized


@dataclass(frozen=True, slots=True)
class LocalUse:
    """One use: what is named (``protocol_name``, ``aws.vpcs``) and its offset in the text."""

    name: str
    offset: int


def local_functions() -> frozenset[str]:
    """Functions of flowtui's own, which Athena does not have."""
    return frozenset(name for name in function_names() if lookup(name)[0].kind == "local")


def local_uses(text: str, start: int = 0, end: int | None = None) -> Iterator[LocalUse]:
    """Functions of flowtui's own and tables of the inventory that a statement names, in order.

    Args:
        text: the user's whole text, which offsets are counted in.
        start: where the statement begins.
        end: where it ends.

    Raises:
        QueryError: a quoted text or a comment does not end.
    """
    own = local_functions()
    tokens = tokenized(text, start, len(text) if end is None else end)
    for number, token in enumerate(tokens):
        if token.token_type == TokenType.STRING:
            continue
        word = token.text.lower()
        after = [later.text.lower() for later in tokens[number + 1 : number + 3]]
        if number and tokens[number - 1].token_type == TokenType.DOT:
            continue
        if word in own and after[:1] == ["("]:
            yield LocalUse(word, start + token.start)
        elif word == INVENTORY_DATABASE and after[:1] == ["."] and after[1:] and after[1] in INVENTORY_TABLES:
            yield LocalUse(f"{word}.{after[1]}", start + token.start)
