"""Which words ``end`` are names, and which close a CASE.

``end`` is a field of every flow log, and Trino reserves the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot.tokenizer_core import Token, TokenType

_WANTS_OPERAND = {
    *(TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.AND, TokenType.OR, TokenType.NOT),
    *(TokenType.BETWEEN, TokenType.LIKE, TokenType.ESCAPE, TokenType.DISTINCT, TokenType.FROM, TokenType.DOT),
    *(TokenType.COMMA, TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE),
    *(TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.MOD, TokenType.DPIPE),
}
"""Tokens after which a value must come, so that ``end`` there cannot close a CASE."""


def bare_ends(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens ``end`` that are names: no CASE is open here, or a value has to come."""
    open_cases = [0]
    for number, token in enumerate(tokens):
        previous = tokens[number - 1].token_type if number else None
        if token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET):
            open_cases.append(0)
        elif token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET) and len(open_cases) > 1:
            open_cases.pop()
        elif token.token_type == TokenType.CASE and previous != TokenType.DOT:
            open_cases[-1] += 1
        elif token.token_type == TokenType.END:
            if open_cases[-1] and previous not in _WANTS_OPERAND:
                open_cases[-1] -= 1
            else:
                yield token
