"""Binary values and digests. Source: https://trino.io/docs/current/functions/binary.html"""

TABLE = r"""
from_base64(varchar) -> varbinary              | same       | |
from_hex(varchar) -> varbinary                 | same       | |
length(varbinary) -> bigint                    | renamed    | octet_length |
md5(varbinary) -> varbinary                    | expression | from_hex(md5({0})) |
sha1(varbinary) -> varbinary                   | expression | from_hex(sha1({0})) |
sha256(varbinary) -> varbinary                 | expression | from_hex(sha256({0})) |
to_base64(varbinary) -> varchar                | same       | |
to_hex(varbinary) -> varchar                   | renamed    | hex |
to_utf8(varchar) -> varbinary                  | renamed    | encode |
"""
