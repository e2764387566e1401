"""Syntax: Athena's SQL read by a stripped Trino dialect of sqlglot.

sqlglot is used for its grammar only. Its table of functions is emptied, so that a call stays an
:class:`sqlglot.exp.Anonymous` with the name and arguments the user wrote, and none of its own translations leaks in.
Every leaf of the tree carries the offsets of its token, which is how errors find their place.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokenizer_core import Token, TokenType

_Node = TypeVar("_Node", bound=exp.Expr)
TYPED_LITERAL = "typed_literal"
"""Key in a node's ``meta``: the cast was written ``DATE '…'``, whose precision comes from the text."""

COMMA = "comma"
"""Key in a join's ``meta``: it was written with a comma, which needs no condition."""


def _typed_literal(parser: TrinoParser, this: exp.Expr, to: exp.DataType) -> exp.Cast:
    cast = parser.expression(exp.Cast(this=this, to=to))
    cast.meta[TYPED_LITERAL] = True
    return cast


_KEPT_FUNCTION_PARSERS = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "LISTAGG", "NORMALIZE")
_LITERAL_TYPES = (
    exp.DType.DATE,
    exp.DType.TIME,
    exp.DType.TIMETZ,
    exp.DType.TIMESTAMP,
    exp.DType.TIMESTAMPTZ,
    exp.DType.IPADDRESS,
    exp.DType.DECIMAL,
    exp.DType.DOUBLE,
    exp.DType.FLOAT,
    exp.DType.BIGINT,
    exp.DType.INT,
    exp.DType.SMALLINT,
    exp.DType.TINYINT,
    exp.DType.BOOLEAN,
    exp.DType.VARCHAR,
    exp.DType.CHAR,
    exp.DType.JSON,
    exp.DType.UUID,
)


class AthenaParser(TrinoParser):
    """Trino's grammar without sqlglot's knowledge of functions."""

    OPTIONAL_ALIAS_TOKEN_CTE = False
    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        "CASE": TrinoParser.NO_PAREN_FUNCTION_PARSERS["CASE"],
    }
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: TrinoParser.FUNCTION_PARSERS[name] for name in _KEPT_FUNCTION_PARSERS
    }
    TYPE_LITERAL_PARSERS: ClassVar[dict[Any, Any]] = dict.fromkeys(_LITERAL_TYPES, _typed_literal)

    def expression(self, instance: _Node, token: Token | None = None, comments: list[str] | None = None) -> _Node:
        """Finish a node; leaves remember where they stood."""
        node: _Node = super().expression(instance, token, comments)
        if token is None and self._prev and "start" not in node.meta and next(node.iter_expressions(), None) is None:
            node.update_positions(self._prev)
        return node

    def _parse_select(self, *args: Any, **options: Any) -> exp.Expr | None:
        # TABLE name is SELECT * FROM name.
        if self._curr and self._curr.token_type == TokenType.TABLE and self._next:
            token = self._curr
            self._advance()
            star = self.expression(exp.Star(), token)
            query = exp.Select(expressions=[star], from_=exp.From(this=self._parse_table_parts()))
            star.update_positions(token)
            return self._parse_set_operations(self._parse_query_modifiers(query))
        return super()._parse_select(*args, **options)

    def _parse_join(self, *args: Any, **options: Any) -> exp.Join | None:
        comma = bool(self._curr) and self._curr.token_type == TokenType.COMMA
        join = super()._parse_join(*args, **options)
        if join is not None:
            join.meta[COMMA] = comma
        return join

    def _parse_interval(self, *args: Any, **options: Any) -> exp.Add | exp.Interval | None:
        token = self._curr
        interval = super()._parse_interval(*args, **options)
        _placed(interval, token)
        return interval

    def _parse_function_call(self, *args: Any, **options: Any) -> exp.Expr | None:
        token = self._curr
        return _placed(super()._parse_function_call(*args, **options), token)

    def _parse_types(self, *args: Any, **options: Any) -> exp.Expr | None:
        token = self._curr
        return _placed(super()._parse_types(*args, **options), token)


def _placed(node: exp.Expr | None, token: Token) -> exp.Expr | None:
    """The node, remembering its first token where it has none."""
    if node is not None and token and "start" not in node.meta:
        node.update_positions(token)
    return node


class AthenaDialect(Trino):
    """Athena engine version 3 as text; backquotes are read so that they can be refused by name."""

    INDEX_OFFSET = 0  # subscripts stay as they were written

    class Tokenizer(Trino.Tokenizer):
        """Trino's tokens, with words that are plain names in Trino made plain names."""

        # A command would swallow the rest of its statement as one text.
        COMMANDS: ClassVar[set[TokenType]] = set()
        IDENTIFIERS: ClassVar[list[str | tuple[str, str]]] = ['"', "`"]
        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            word: kind for word, kind in Trino.Tokenizer.KEYWORDS.items() if word not in ("START",)
        }

    Parser = AthenaParser
