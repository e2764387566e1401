"""Regular expressions. Athena's engine is Java's, DuckDB's is RE2: lookaround and backreferences are refused there.

Source: https://trino.io/docs/current/functions/regexp.html
"""

TABLE = r"""
regexp_count(varchar, varchar) -> bigint                     | expression | len(regexp_extract_all({0}, {1})) |
regexp_extract(varchar, varchar) -> varchar                  | macro      | matched({0}, {1}, 0) | NULL without a match
regexp_extract(varchar, varchar, integer) -> varchar         | rewrite    | regexp_group |
regexp_extract_all(varchar, varchar) -> array(varchar)       | same       | |
regexp_extract_all(varchar, varchar, integer) -> array(varchar) | same    | |
regexp_like(varchar, varchar) -> boolean                     | renamed    | regexp_matches | a match anywhere
regexp_position(varchar, varchar) -> integer                 | expression | CAST(match_place({0}, {1}) AS INTEGER) | -1 without a match
regexp_replace(varchar, varchar) -> varchar                  | expression | regexp_replace({0}, {1}, '', 'g') |
regexp_replace(varchar, varchar, varchar) -> varchar         | rewrite    | regexp_replaced | $1 for a group
regexp_split(varchar, varchar) -> array(varchar)             | renamed    | string_split_regex |
"""
