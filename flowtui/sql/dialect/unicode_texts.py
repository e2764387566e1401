"""``U&'\\00e9'``: texts with letters written as their code points.

Source: https://trino.io/docs/current/language/types.html#varchar
"""

from __future__ import annotations

import re

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder, handles
from flowtui.sql.dialect.bound import Bound, has_control
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.scope import Scope

_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@handles(exp.UnicodeString)
def bind_unicode_text(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``U&'…' [UESCAPE 'c']``.

    Raises:
        QueryError: an escape is none, or gives a letter there is not.
    """
    chosen = node.args.get("escape")
    escape = chosen.name if isinstance(chosen, exp.Literal) else "\\"
    if len(escape) != 1 or escape.isalnum() or escape in "+'\" ":
        raise binder.error(node, "UESCAPE takes one character, and no letter, digit, quote, plus or space.")
    mark = re.escape(escape)
    pattern = rf"{mark}(?:({mark})|([0-9a-fA-F]{{4}})|\+([0-9a-fA-F]{{6}})|())"
    text = re.sub(pattern, lambda match: _letter(binder, node, match), str(node.this))
    if has_control(text):
        raise binder.error(node, "Control characters in a text are not available locally.", LOCAL_ONLY)
    return Bound(text_literal(text), types.varchar(len(text)), binder.offset(node), literal=text)


def _letter(binder: Binder, node: exp.Expr, match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    code = int(match[2] or match[3] or "0", 16)
    if match[4] is not None or code > _LAST or code in _SURROGATES:
        hint = "Write four hexadecimal digits after the escape character, or + and six."
        raise binder.error(node, "A letter of this text is no code point of Unicode.", hint)
    return chr(code)
