"""Words that sqlglot's grammar takes for a clause or an operator wherever they stand, and Trino's takes for names.

Source: the rules ``identifier`` and ``nonReserved`` of Trino's grammar, SqlBase.g4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot.tokenizer_core import Token, TokenType

_CLAUSE_TEXT = """
    asof fetch grant interval lateral limit lock match_recognize offset pivot qualify returning revoke rollback
    tablesample unpivot window
"""
_OPERATOR_TEXT = "div glob ilike isnull notnull overlaps regexp rlike"
_CLAUSES = frozenset(_CLAUSE_TEXT.split())
_WORDS = _CLAUSES | frozenset(_OPERATOR_TEXT.split())
_COMPARISONS = {
    *(TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.AND),
    *(TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.MOD, TokenType.DPIPE, TokenType.OR),
    *(TokenType.NOT, TokenType.BETWEEN, TokenType.LIKE, TokenType.ARROW, TokenType.DOT, TokenType.COMMA),
    *(TokenType.WHEN, TokenType.THEN, TokenType.ELSE),
}
BEFORE_NAME = _COMPARISONS | {
    *(TokenType.SELECT, TokenType.DISTINCT, TokenType.FROM, TokenType.JOIN, TokenType.WITH, TokenType.RECURSIVE),
    *(TokenType.WHERE, TokenType.ON, TokenType.HAVING, TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.PARTITION_BY),
    *(TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.ALIAS, TokenType.CASE, TokenType.ESCAPE),
}
"""Tokens after which a name or a value must come."""
_AFTER_LIST = {
    *(TokenType.FROM, TokenType.WHERE, TokenType.GROUP_BY, TokenType.HAVING, TokenType.ORDER_BY, TokenType.LIMIT),
    *(TokenType.OFFSET, TokenType.FETCH, TokenType.WINDOW, TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT),
    *(TokenType.JOIN, TokenType.CROSS, TokenType.LEFT, TokenType.RIGHT, TokenType.FULL, TokenType.INNER, TokenType.ON),
}
_AFTER_NAME = (
    _COMPARISONS
    | _AFTER_LIST
    | {
        *(TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.L_BRACKET, TokenType.ALIAS, TokenType.IS, TokenType.IN),
        *(TokenType.ASC, TokenType.DESC, TokenType.END, TokenType.ROWS, TokenType.RANGE),
    }
)
_VALUE_ENDS = {TokenType.VAR, TokenType.IDENTIFIER, TokenType.NUMBER, TokenType.STRING, TokenType.R_PAREN}
_QUOTED = (TokenType.STRING, TokenType.IDENTIFIER)


def as_names(tokens: Sequence[Token]) -> None:
    """Make plain names of the words that stand where a name must."""
    for token in _names(tokens):
        token.token_type = TokenType.VAR


def _names(tokens: Sequence[Token]) -> Iterator[Token]:
    for number, token in enumerate(tokens):
        if token.token_type in _QUOTED or token.text.lower() not in _WORDS:
            continue
        before = tokens[number - 1].token_type if number else None
        following = tokens[number + 1] if number + 1 < len(tokens) else None
        named = before in BEFORE_NAME and (
            following is None or following.token_type in _AFTER_NAME or following.text.upper() == "NULLS"
        )
        # A column's name without AS; what ends the statement is rather a clause that is not finished.
        alias = (
            token.text.lower() in _CLAUSES
            and before in _VALUE_ENDS
            and following is not None
            and following.token_type in (TokenType.COMMA, TokenType.FROM)
        )
        if named or alias or _names_columns(tokens, number):
            yield token


def _names_columns(tokens: Sequence[Token], number: int) -> bool:
    """``t(x, y)`` after a table or in WITH: a name with a list of names."""
    before = tokens[number - 1].token_type if number else None
    if before not in (TokenType.WITH, TokenType.ALIAS, TokenType.R_PAREN, TokenType.RECURSIVE):
        return False
    rest = [token.token_type for token in tokens[number + 1 : number + 4]]
    return rest[:1] == [TokenType.L_PAREN] and rest[2:] in ([TokenType.COMMA], [TokenType.R_PAREN])
