"""Conditions, conversions and what a session knows.

Sources: https://trino.io/docs/current/functions/conditional.html
https://trino.io/docs/current/functions/conversion.html
"""

TABLE = r"""
coalesce(T, T, ...) -> T                       | same       | |
current_user() -> varchar                      | expression | CAST(current_user AS VARCHAR) |
greatest(O, ...) -> O                          | rewrite    | greatest | NULL if any is NULL
if(boolean, T) -> T                            | expression | CASE WHEN {0} THEN {1} END |
if(boolean, T, T) -> T                         | expression | CASE WHEN {0} THEN {1} ELSE {2} END |
least(O, ...) -> O                             | rewrite    | least | NULL if any is NULL
nullif(T, T) -> =1                             | same       | |
try(T) -> T                                    | expression | TRY({0}) |
typeof(A) -> varchar                           | rewrite    | type_name |
uuid() -> uuid                                 | same       | |
version() -> varchar                           | refused    | it is the version of Athena's engine |
"""
