"""Texts. Source: https://trino.io/docs/current/functions/string.html"""

TABLE = r"""
chr(bigint) -> varchar(1)                         | expression | chr(CAST({0} AS INTEGER)) |
codepoint(varchar) -> integer                     | renamed    | unicode |
concat(varchar, varchar, ...) -> varchar          | rewrite    | joined | NULL if any part is NULL, as with the operator
concat(array(T), array(T), ...) -> array(T)       | rewrite    | joined |
concat(varbinary, varbinary, ...) -> varbinary    | rewrite    | joined |
concat_ws(varchar, array(varchar)) -> varchar     | expression | joined({1}, {0}) | NULL elements are skipped
concat_ws(varchar, varchar, ...) -> varchar       | same       | | NULL parts are skipped
format(varchar, A, ...) -> varchar                | rewrite    | format_text | Java's format, which must be a literal locally
from_utf8(varbinary) -> varchar                   | renamed    | decode | malformed bytes are an error locally
hamming_distance(varchar, varchar) -> bigint      | macro      | hamming({0}, {1}, {at}) |
length(varchar) -> bigint                         | same       | |
levenshtein_distance(varchar, varchar) -> bigint  | renamed    | levenshtein |
lower(varchar) -> =1                              | same       | |
lpad(varchar, bigint, varchar) -> varchar         | expression | lpad(padded({0}, {1}, {2}, {at}), CAST({1} AS INTEGER), {2}) |
ltrim(varchar) -> =1                              | expression | ltrim({0}, E' \t\n\x0B\f\r') |
ltrim(varchar, varchar) -> =1                     | same       | |
luhn_check(varchar) -> boolean                    | macro      | luhn({0}) |
normalize(varchar) -> varchar                     | renamed    | nfc_normalize |
replace(varchar, varchar) -> varchar              | expression | replace({0}, {1}, '') |
replace(varchar, varchar, varchar) -> varchar     | same       | |
reverse(varchar) -> =1                            | same       | |
reverse(array(T)) -> array(T)                     | renamed    | list_reverse |
rpad(varchar, bigint, varchar) -> varchar         | expression | rpad(padded({0}, {1}, {2}, {at}), CAST({1} AS INTEGER), {2}) |
rtrim(varchar) -> =1                              | expression | rtrim({0}, E' \t\n\x0B\f\r') |
rtrim(varchar, varchar) -> =1                     | same       | |
split(varchar, varchar) -> array(varchar)         | renamed    | string_split |
split(varchar, varchar, bigint) -> array(varchar) | macro      | limited_split({0}, {1}, {2}) |
split_part(varchar, varchar, bigint) -> varchar   | macro      | text_part({0}, {1}, {2}, {at}) | NULL past the last part
split_to_map(varchar, varchar, varchar) -> map(varchar,varchar) | macro | pairs_map({0}, {1}, {2}) |
starts_with(varchar, varchar) -> boolean          | same       | |
strpos(varchar, varchar) -> bigint                | same       | | 1-based, 0 when absent
strpos(varchar, varchar, bigint) -> bigint        | macro      | occurrence({0}, {1}, {2}) |
substr(varchar, bigint) -> =1                     | macro      | text_from({0}, {1}) |
substr(varchar, bigint, bigint) -> =1             | macro      | text_range({0}, {1}, {2}) |
substring(varchar, bigint) -> =1                  | macro      | text_from({0}, {1}) |
substring(varchar, bigint, bigint) -> =1          | macro      | text_range({0}, {1}, {2}) |
translate(varchar, varchar, varchar) -> varchar   | macro      | letters_mapped({0}, {1}, {2}) |
trim(varchar) -> =1                               | expression | trim({0}, E' \t\n\x0B\f\r') |
trim(varchar, varchar) -> =1                      | same       | |
upper(varchar) -> =1                              | same       | |
url_decode(varchar) -> varchar                    | macro      | url_decoded({0}) | + is a space
url_encode(varchar) -> varchar                    | macro      | url_encoded({0}) | a space is +
url_extract_fragment(varchar) -> varchar          | expression | regexp_extract({0}, '#(.*)$', 1) |
url_extract_host(varchar) -> varchar              | expression | regexp_extract({0}, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*)', 1) |
url_extract_parameter(varchar, varchar) -> varchar | macro     | url_argument({0}, {1}) |
url_extract_path(varchar) -> varchar              | expression | regexp_extract({0}, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*([^?#]*)', 1) |
url_extract_port(varchar) -> bigint               | macro      | url_port({0}) |
url_extract_protocol(varchar) -> varchar          | expression | regexp_extract({0}, '^([A-Za-z][A-Za-z0-9+.-]*):', 1) |
url_extract_query(varchar) -> varchar             | expression | regexp_extract({0}, '\?([^#]*)', 1) |
"""
