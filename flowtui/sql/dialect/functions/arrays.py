"""Arrays. Source: https://trino.io/docs/current/functions/array.html"""

TABLE = r"""
all_match(array(T), function(T,boolean)) -> boolean  | expression | all_true(list_transform({0}, {1})) |
any_match(array(T), function(T,boolean)) -> boolean  | expression | any_true(list_transform({0}, {1})) |
array_distinct(array(T)) -> array(T)                 | macro      | distinct_in_order({0}) |
array_except(array(T), array(T)) -> array(T)         | expression | distinct_in_order(list_filter({0}, lambda _e: NOT in_list({1}, _e))) |
array_first(array(T)) -> T                           | expression | list_extract({0}, 1) |
array_histogram(array(T)) -> map(T,bigint)           | expression | map(distinct_in_order({0}), list_transform(distinct_in_order({0}), lambda _k: len(list_filter({0}, lambda _e: _e = _k)))) |
array_intersect(array(T), array(T)) -> array(T)      | expression | distinct_in_order(list_filter({0}, lambda _e: in_list({1}, _e))) |
array_join(array(varchar), varchar) -> varchar       | macro      | joined({0}, {1}) | NULL elements are skipped
array_join(array(varchar), varchar, varchar) -> varchar | expression | array_to_string(list_transform({0}, lambda _e: coalesce(_e, {2})), {1}) |
array_join(array(T), varchar) -> varchar             | rewrite    | array_join |
array_join(array(T), varchar, varchar) -> varchar    | rewrite    | array_join |
array_last(array(T)) -> T                            | expression | list_extract({0}, -1) |
array_max(array(O)) -> O                             | expression | extreme({0}, list_max({0})) | NULL if any is NULL
array_min(array(O)) -> O                             | expression | extreme({0}, list_min({0})) | NULL if any is NULL
array_position(array(T), T) -> bigint                | expression | CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN CAST(coalesce(list_position({0}, {1}), 0) AS BIGINT) END |
array_remove(array(T), T) -> array(T)                | expression | list_filter({0}, lambda _e: _e IS DISTINCT FROM {1}) |
array_sort(array(O)) -> array(O)                     | expression | list_sort({0}, 'ASC', 'NULLS LAST') |
array_sort(array(T), function(T,T,integer)) -> array(T) | refused | its comparator has no local counterpart |
array_union(array(T), array(T)) -> array(T)          | expression | distinct_in_order(list_concat({0}, {1})) |
arrays_overlap(array(T), array(T)) -> boolean        | macro      | overlapping({0}, {1}) |
cardinality(array(T)) -> bigint                      | renamed    | len |
cardinality(map(K,V)) -> bigint                      | expression | len(map_keys({0})) |
combinations(array(T), integer) -> array(array(T))   | refused    | there is no local counterpart |
contains(array(T), T) -> boolean                     | macro      | contained({0}, {1}) |
contains(varchar, ipaddress) -> boolean              | rewrite    | in_network | a CIDR block; a literal one becomes a comparison of numbers
contains_sequence(array(T), array(T)) -> boolean     | expression | len(list_filter(range(1, len({0}) - len({1}) + 2), lambda _i: ({0})[_i:_i + len({1}) - 1] = {1})) > 0 |
element_at(array(T), bigint) -> T                    | macro      | array_element({0}, {1}, {at}) | negative counts from the end; NULL outside
element_at(map(K,V), K) -> V                         | macro      | map_element({0}, {1}) | NULL when absent
filter(array(T), function(T,boolean)) -> array(T)    | renamed    | list_filter |
flatten(array(array(T))) -> array(T)                 | same       | |
ngrams(array(T), bigint) -> array(array(T))          | expression | list_transform(range(1, greatest(len({0}) - {1} + 1, 1) + 1), lambda _i: ({0})[_i:_i + {1} - 1]) |
none_match(array(T), function(T,boolean)) -> boolean | expression | NOT any_true(list_transform({0}, {1})) |
reduce(array(T), S, function(S,T,S), function(S,R)) -> R | rewrite | reduce |
repeat(T, bigint) -> array(T)                        | macro      | filled({0}, {1}) |
sequence(bigint, bigint) -> array(bigint)            | rewrite    | sequence |
sequence(bigint, bigint, bigint) -> array(bigint)    | expression | generate_series({0}, {1}, {2}) |
sequence(date, date) -> array(date)                  | expression | list_transform(generate_series({0}, {1}, to_days(CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)), lambda _d: CAST(_d AS DATE)) |
sequence(date, date, interval day to second) -> array(date) | expression | list_transform(generate_series({0}, {1}, to_days(whole_days({2}, {at}))), lambda _d: CAST(_d AS DATE)) |
sequence(date, date, interval year to month) -> array(date) | expression | list_transform(generate_series({0}, {1}, to_months({2})), lambda _d: CAST(_d AS DATE)) |
sequence(timestamp, timestamp, interval day to second) -> array(timestamp) | expression | generate_series({0}, {1}, to_milliseconds({2})) |
sequence(timestamp, timestamp, interval year to month) -> array(timestamp) | expression | generate_series({0}, {1}, to_months({2})) |
shuffle(array(T)) -> array(T)                        | refused    | there is no local counterpart |
slice(array(T), bigint, bigint) -> array(T)          | macro      | sliced({0}, {1}, {2}, {at}) | start and length
transform(array(T), function(T,R)) -> array(R)       | renamed    | list_transform |
trim_array(array(T), bigint) -> array(T)             | expression | ({0})[1:len({0}) - {1}] |
zip(array(T), array(U)) -> array(row(T,U))           | rewrite    | zipped |
zip(array(T), array(U), array(V)) -> array(row(T,U,V)) | rewrite  | zipped |
zip_with(array(T), array(U), function(T,U,R)) -> array(R) | rewrite | zip_with |
"""
