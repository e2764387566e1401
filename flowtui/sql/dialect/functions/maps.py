"""Maps. Source: https://trino.io/docs/current/functions/map.html"""

TABLE = r"""
map() -> map(unknown,unknown)                        | expression | MAP {} |
map(array(K), array(V)) -> map(K,V)                  | same       | |
map_concat(map(K,V), map(K,V)) -> map(K,V)           | macro      | map_joined({0}, {1}) |
map_entries(map(K,V)) -> array(row(K,V))             | rewrite    | map_entries |
map_filter(map(K,V), function(K,V,boolean)) -> map(K,V) | rewrite | map_filter |
map_from_entries(array(row(K,V))) -> map(K,V)        | same       | |
map_keys(map(K,V)) -> array(K)                       | same       | |
map_values(map(K,V)) -> array(V)                     | same       | |
map_zip_with(map(K,V), map(K,U), function(K,V,U,R)) -> map(K,R) | refused | there is no local counterpart |
multimap_from_entries(array(row(K,V))) -> map(K,array(V)) | refused | there is no local counterpart |
split_to_multimap(varchar, varchar, varchar) -> map(varchar,array(varchar)) | expression | grouped_pairs(list_transform(string_split({0}, {1}), lambda _e: {'k': split_part(_e, {2}, 1), 'v': split_part(_e, {2}, 2)})) |
transform_keys(map(K,V), function(K,V,R)) -> map(R,V) | rewrite   | transform_keys |
transform_values(map(K,V), function(K,V,R)) -> map(K,R) | rewrite | transform_values |
"""
