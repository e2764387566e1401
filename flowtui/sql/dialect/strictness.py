"""What sqlglot's grammar lets through and Athena does not, seen in the tokens and told with their exact place."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot.tokenizer_core import Token, TokenType

from flowtui.errors import QueryError
from flowtui.sql.dialect.bare_names import BEFORE_NAME
from flowtui.sql.dialect.binder import LOCAL_ONLY
from flowtui.sql.dialect.ends import bare_ends
from flowtui.sql.dialect.positions import error_at

_REFUSED = {
    TokenType.DCOLON: ("Athena has no :: cast.", "Write CAST(x AS type)."),
    TokenType.ILIKE: ("Athena has no ILIKE.", "Write lower(x) LIKE 'a%'."),
    TokenType.RLIKE: ("Athena has no RLIKE.", "Write regexp_like(x, pattern)."),
    TokenType.GLOB: ("Athena has no GLOB.", "Write LIKE or regexp_like."),
    TokenType.AMP: ("Athena has no & operator.", "Write bitwise_and(a, b)."),
    TokenType.PIPE: ("Athena has no | operator.", "Write bitwise_or(a, b)."),
    TokenType.CARET: ("Athena has no ^ operator.", "Write bitwise_xor(a, b) or power(a, b)."),
    TokenType.TILDE: ("Athena has no ~ operator.", "Write bitwise_not(a)."),
    TokenType.NULLSAFE_EQ: ("Athena has no <=> operator.", "Write IS NOT DISTINCT FROM."),
    TokenType.DIV: ("Athena has no DIV operator.", "Integers divide to integers with /."),
    TokenType.QUALIFY: ("Athena has no QUALIFY.", "Put the window function in a subquery and filter outside."),
    TokenType.PIVOT: ("Athena has no PIVOT.", "Use sum(x) FILTER (WHERE …)."),
    TokenType.UNPIVOT: ("Athena has no UNPIVOT.", "Use CROSS JOIN UNNEST."),
    TokenType.MATCH_RECOGNIZE: ("MATCH_RECOGNIZE is not available locally.", LOCAL_ONLY),
    TokenType.HASH: ("Athena has no # operator.", "A comment starts with --."),
}
_WORDS = {
    "QUALIFY": _REFUSED[TokenType.QUALIFY],
    "ISNULL": ("Athena has no ISNULL.", "Write IS NULL."),
    "NOTNULL": ("Athena has no NOTNULL.", "Write IS NOT NULL."),
}
_SQL_JSON = ("json_array", "json_exists", "json_object", "json_query", "json_table", "json_value")
"""Functions with a grammar of their own."""
_SPELLINGS = {
    "==": ("Athena compares with =.", "Write = instead of ==."),
    "!": ("Athena has no ! operator.", "Write NOT."),
}
_CURLY = ("Curly quotes are letters to SQL.", "Write 'text' and \"name\".")
_DASH = ("A dash is no minus sign.", "Write -, and -- before a comment.")
_ALIKE = dict.fromkeys("\u201c\u201d\u2018\u2019\u201e\u201a", _CURLY) | dict.fromkeys("\u2013\u2014\u2212", _DASH)
"""What word processors put in the place of ASCII."""
_PAIRS = {
    TokenType.LT: ("Athena has no << operator.", "Write bitwise_left_shift(a, n)."),
    TokenType.GT: ("Athena has no >> operator.", "Write bitwise_right_shift(a, n)."),
}
_BEFORE_VALUE = {
    TokenType.COMMA,
    TokenType.L_PAREN,
    TokenType.L_BRACKET,
    TokenType.SELECT,
    TokenType.WHERE,
    TokenType.AND,
    TokenType.OR,
    TokenType.NOT,
    TokenType.EQ,
    TokenType.NEQ,
    TokenType.LT,
    TokenType.GT,
    TokenType.PLUS,
    TokenType.DASH,
    TokenType.STAR,
    TokenType.SLASH,
    TokenType.DPIPE,
    TokenType.IN,
    TokenType.ARROW,
}
_BEFORE_LIST = {
    TokenType.COMMA,
    TokenType.L_PAREN,
    TokenType.L_BRACKET,
    TokenType.SELECT,
    TokenType.FROM,
    TokenType.VALUES,
    TokenType.GROUP_BY,
    TokenType.ORDER_BY,
    TokenType.PARTITION_BY,
}
_SET_OPERATIONS = {TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT}
_AFTER_LIST = _SET_OPERATIONS | {
    TokenType.FROM,
    TokenType.WHERE,
    TokenType.GROUP_BY,
    TokenType.ORDER_BY,
    TokenType.HAVING,
    TokenType.LIMIT,
    TokenType.R_PAREN,
    TokenType.R_BRACKET,
}
_CONDITIONS = {TokenType.WHERE, TokenType.HAVING, TokenType.ON, TokenType.AND, TokenType.OR, TokenType.NOT}
_VALUE_ENDS = {
    TokenType.VAR,
    TokenType.IDENTIFIER,
    TokenType.NUMBER,
    TokenType.STRING,
    TokenType.R_PAREN,
    TokenType.R_BRACKET,
}
_CLAUSES = {
    TokenType.FROM: "FROM",
    TokenType.WHERE: "WHERE",
    TokenType.GROUP_BY: "GROUP BY",
    TokenType.HAVING: "HAVING",
    TokenType.ORDER_BY: "ORDER BY",
    TokenType.OFFSET: "OFFSET",
    TokenType.LIMIT: "LIMIT",
}
"""Clauses of a SELECT in the order they stand in; sqlglot takes the later ones in any order."""
_ORDER = tuple(_CLAUSES)
_OPENING = (TokenType.L_PAREN, TokenType.L_BRACKET)
_CLOSING = (TokenType.R_PAREN, TokenType.R_BRACKET)


def check_tokens(text: str, base: int, tokens: Sequence[Token]) -> None:
    """Refuse operators and spellings of other systems.

    Args:
        text: the user's whole text.
        base: where the statement the tokens were read from starts in it.
        tokens: of one statement.

    Raises:
        QueryError: at the first thing Athena refuses.
    """
    for number, token in enumerate(tokens):
        refusal = _refusal(text, base, token) or _position_refusal(tokens, number)
        if refusal:
            raise error_at(text, base + token.start, *refusal)
    _check_cases(text, base, tokens)
    _check_clauses(text, base, tokens)
    _check_opening(text, base, tokens)


def _refusal(text: str, base: int, token: Token) -> tuple[str, str] | None:
    if token.token_type in (TokenType.STRING, TokenType.IDENTIFIER):
        return None
    written = text[base + token.start : base + token.end + 1]
    if token.token_type == TokenType.HEX_STRING and written[0] == "0":
        return "Athena has no numbers in another base.", "Write from_base('1f', 16)."
    alike = next((_ALIKE[letter] for letter in written if letter in _ALIKE), None)
    return _REFUSED.get(token.token_type) or _SPELLINGS.get(written) or alike


def _position_refusal(tokens: Sequence[Token], number: int) -> tuple[str, str] | None:
    token = tokens[number]
    following = tokens[number + 1].token_type if number + 1 < len(tokens) else None
    if token.token_type == TokenType.COMMA:
        if following is None or following in _AFTER_LIST:
            return "A comma too many.", "Athena takes no trailing comma."
        if number and tokens[number - 1].token_type in _BEFORE_LIST:
            return "A comma too many.", "A comma stands between two items."
    if token.token_type in _PAIRS and following == token.token_type:
        return _PAIRS[token.token_type]
    if token.token_type == following == TokenType.STRING:
        return "Two quoted texts stand side by side.", "Write || between them; double a quote inside a text: 'it''s'."
    if token.token_type == following == TokenType.DOT:
        return "A name is missing between two dots.", "Write database.table, or the table alone."
    if token.token_type in (TokenType.AND, TokenType.OR) and number and tokens[number - 1].token_type in _CONDITIONS:
        return f"A condition is missing before {token.text.upper()}.", ""
    if token.token_type == TokenType.SELECT and _is_top(tokens[number + 1 : number + 3]):
        return "Athena has no TOP.", "Write LIMIT 10 at the end."
    after_value = number > 0 and tokens[number - 1].token_type in _VALUE_ENDS
    if token.token_type == TokenType.NOT and following == TokenType.NULL and after_value:
        return "Athena has no NOT NULL after a value.", "Write IS NOT NULL."
    if token.token_type == TokenType.LIMIT and _is_pair(tokens[number + 1 : number + 4]):
        return "Athena has no LIMIT with two numbers.", "Write OFFSET 5 LIMIT 10."
    if token.token_type == TokenType.L_BRACKET and number and tokens[number - 1].token_type in _BEFORE_VALUE:
        return "Athena has no [ ] arrays.", "Write ARRAY[1, 2]."
    if token.token_type == TokenType.VAR and number and _touches_number(tokens[number - 1], token):
        return "A space is missing before this name.", "Names do not begin with a digit; quote them to have one there."
    if token.text.lower() in _SQL_JSON and following == TokenType.L_PAREN and token.token_type != TokenType.STRING:
        reason = f"{token.text.lower()} is not available locally: SQL/JSON is not understood."
        return reason, "json_extract and json_extract_scalar are. Or run the statement with --engine athena."
    word = token.text.upper()
    if word in _WORDS and token.token_type != TokenType.STRING and number:
        follows = (TokenType.DOT, TokenType.COMMA, TokenType.L_PAREN)
        if tokens[number - 1].token_type not in BEFORE_NAME and following not in follows:
            return _WORDS[word]
    return None


def _is_pair(tokens: Sequence[Token]) -> bool:
    return [token.token_type for token in tokens] == [TokenType.NUMBER, TokenType.COMMA, TokenType.NUMBER]


def _is_top(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 2 and tokens[0].text.upper() == "TOP" and tokens[1].token_type == TokenType.NUMBER


def _touches_number(before: Token, token: Token) -> bool:
    return before.token_type == TokenType.NUMBER and before.end + 1 == token.start


def _check_cases(text: str, base: int, tokens: Sequence[Token]) -> None:
    """Every WHEN has its THEN."""
    waiting: Token | None = None
    names = {token.start for token in bare_ends(tokens)}
    for token in tokens:
        if token.start in names:
            continue
        if waiting is not None and token.token_type in (TokenType.WHEN, TokenType.ELSE, TokenType.END):
            raise error_at(text, base + waiting.start, "This WHEN has no THEN.")
        if token.token_type == TokenType.WHEN:
            waiting = token
        elif token.token_type in (TokenType.THEN, TokenType.CASE):
            waiting = None


def _check_clauses(text: str, base: int, tokens: Sequence[Token]) -> None:
    """The clauses of every SELECT stand in their order; parentheses begin a count of their own."""
    reached = [-1]
    for number, token in enumerate(tokens):
        kind = token.token_type
        if kind in _OPENING:
            reached.append(-1)
        elif kind in _CLOSING and len(reached) > 1:
            reached.pop()
        elif kind == TokenType.SELECT:
            reached[-1] = -1
        elif kind in _SET_OPERATIONS and reached[-1] >= _ORDER.index(TokenType.ORDER_BY):
            hint = "Put the query before it in parentheses, or order the whole at the end."
            before = _CLAUSES[_ORDER[reached[-1]]]
            raise error_at(text, base + token.start, f"{token.text.upper()} cannot follow {before}.", hint)
        elif kind in _CLAUSES and _begins_clause(tokens, number):
            place = _ORDER.index(kind)
            # LIMIT before OFFSET is told with the numbers, where they are read.
            if place < reached[-1] and kind != TokenType.OFFSET:
                later = _CLAUSES[_ORDER[reached[-1]]]
                hint = "The order is FROM, WHERE, GROUP BY, HAVING, ORDER BY, OFFSET, LIMIT."
                raise error_at(text, base + token.start, f"{_CLAUSES[kind]} must stand before {later}.", hint)
            reached[-1] = max(place, reached[-1])


def _begins_clause(tokens: Sequence[Token], number: int) -> bool:
    """Not a name spelled like one, nor the FROM of IS DISTINCT FROM."""
    if tokens[number].token_type in (TokenType.LIMIT, TokenType.OFFSET):
        return number + 1 < len(tokens) and tokens[number + 1].token_type in (TokenType.NUMBER, TokenType.ALL)
    return number == 0 or tokens[number - 1].token_type not in (TokenType.DISTINCT, TokenType.DOT, TokenType.ALIAS)


def _check_opening(text: str, base: int, tokens: Sequence[Token]) -> None:
    if tokens and tokens[0].token_type == TokenType.FROM:
        raise _opening(text, base, tokens[0])


def _opening(text: str, base: int, token: Token) -> QueryError:
    return error_at(text, base + token.start, "A query starts with SELECT, WITH or VALUES.", "Write SELECT * FROM ….")
