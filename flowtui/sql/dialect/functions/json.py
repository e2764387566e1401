"""JSON. Source: https://trino.io/docs/current/functions/json.html"""

TABLE = r"""
is_json_scalar(json) -> boolean                      | expression | json_type({0}) NOT IN ('ARRAY', 'OBJECT') |
is_json_scalar(varchar) -> boolean                   | expression | json_type({0}) NOT IN ('ARRAY', 'OBJECT') |
json_array_contains(json, varchar) -> boolean        | expression | list_contains(json_extract_string({0}, '$[*]'), {1}) |
json_array_contains(varchar, varchar) -> boolean     | expression | list_contains(json_extract_string({0}, '$[*]'), {1}) |
json_array_contains(varchar, bigint) -> boolean      | expression | list_contains(json_extract_string({0}, '$[*]'), CAST({1} AS VARCHAR)) |
json_array_get(json, bigint) -> json                 | expression | CAST(json_extract({0}, '$[' || {1} || ']') AS VARCHAR) |
json_array_get(varchar, bigint) -> json              | expression | CAST(json_extract({0}, '$[' || {1} || ']') AS VARCHAR) |
json_array_length(json) -> bigint                    | expression | CASE WHEN json_type({0}) = 'ARRAY' THEN CAST(json_array_length({0}) AS BIGINT) END |
json_array_length(varchar) -> bigint                 | expression | CASE WHEN json_type({0}) = 'ARRAY' THEN CAST(json_array_length({0}) AS BIGINT) END |
json_extract(json, varchar) -> json                  | expression | CAST(json_extract({0}, {1}) AS VARCHAR) |
json_extract(varchar, varchar) -> json               | expression | CAST(json_extract({0}, {1}) AS VARCHAR) |
json_extract_scalar(json, varchar) -> varchar        | expression | CASE WHEN json_type({0}, {1}) NOT IN ('ARRAY', 'OBJECT') THEN json_extract_string({0}, {1}) END |
json_extract_scalar(varchar, varchar) -> varchar     | expression | CASE WHEN json_type({0}, {1}) NOT IN ('ARRAY', 'OBJECT') THEN json_extract_string({0}, {1}) END |
json_format(json) -> varchar                         | expression | {0} |
json_parse(varchar) -> json                          | expression | CAST(json({0}) AS VARCHAR) |
json_size(json, varchar) -> bigint                   | rewrite    | json_size |
json_size(varchar, varchar) -> bigint                | rewrite    | json_size |
json_array(T, ...) -> varchar                        | refused    | its options are not understood locally |
json_exists(varchar, varchar) -> boolean             | refused    | SQL/JSON paths are not understood locally; json_extract is |
json_object(T, ...) -> varchar                       | refused    | its options are not understood locally |
json_query(varchar, varchar) -> varchar              | refused    | SQL/JSON paths are not understood locally; json_extract is |
json_table(T, ...) -> varchar                        | refused    | SQL/JSON paths are not understood locally |
json_value(varchar, varchar) -> varchar              | refused    | SQL/JSON paths are not understood locally; json_extract_scalar is |
"""
