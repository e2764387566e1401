"""Aggregates. The call after ``@`` takes DISTINCT, ORDER BY, FILTER and OVER.

Source: https://trino.io/docs/current/functions/aggregate.html
"""

TABLE = r"""
any_value(T) -> T                                    | aggregate  | @any_value({0}) |
approx_distinct(T) -> bigint                         | aggregate  | @count(DISTINCT {0}) | !approx_distinct is exact locally.
approx_distinct(T, double) -> bigint                 | aggregate  | @count(DISTINCT {0}) | !approx_distinct is exact locally.
approx_most_frequent(bigint, T, bigint) -> map(T,bigint) | refused | it has no local counterpart |
approx_percentile(N, double) -> =1                   | aggregate  | @quantile_disc({0}, {1}) | !approx_percentile is exact locally.
approx_percentile(N, array(double)) -> array(N)      | aggregate  | @quantile_disc({0}, {1}) | !approx_percentile is exact locally.
approx_percentile(N, double, double) -> =1           | refused    | weights have no local counterpart |
arbitrary(T) -> T                                    | aggregate  | @any_value({0}) |
array_agg(T) -> array(T)                             | aggregate  | @list({0}) | NULL values are kept
avg(double) -> double                                | aggregate  | @avg({0}) |
avg(decimal) -> =1                                   | aggregate  | average_decimal |
avg(interval day to second) -> interval day to second | aggregate | CAST(round(@avg({0})) AS BIGINT) |
bitwise_and_agg(bigint) -> bigint                    | aggregate  | @bit_and({0}) |
bitwise_or_agg(bigint) -> bigint                     | aggregate  | @bit_or({0}) |
bitwise_xor_agg(bigint) -> bigint                    | aggregate  | @bit_xor({0}) |
bool_and(boolean) -> boolean                         | aggregate  | @bool_and({0}) |
bool_or(boolean) -> boolean                          | aggregate  | @bool_or({0}) |
checksum(T) -> varbinary                             | aggregate  | from_hex(lpad(to_hex(CAST(@sum(hash({0}) % 4294967296) AS BIGINT)), 16, '0')) | !checksum is another number locally; compare it only with itself.
corr(double, double) -> double                       | aggregate  | @corr({0}, {1}) |
count() -> bigint                                    | aggregate  | @count(*) |
count(T) -> bigint                                   | aggregate  | @count({0}) |
count_if(boolean) -> bigint                          | aggregate  | CAST(@count_if({0}) AS BIGINT) |
covar_pop(double, double) -> double                  | aggregate  | @covar_pop({0}, {1}) |
covar_samp(double, double) -> double                 | aggregate  | @covar_samp({0}, {1}) |
entropy(bigint) -> double                            | refused    | its counts have no local counterpart |
every(boolean) -> boolean                            | aggregate  | @bool_and({0}) |
geometric_mean(double) -> double                     | aggregate  | @geomean({0}) |
histogram(T) -> map(T,bigint)                        | aggregate  | histogram |
kurtosis(double) -> double                           | aggregate  | @kurtosis({0}) |
listagg(varchar, varchar) -> varchar                 | aggregate  | @string_agg({0}, {1}) |
map_agg(K, V) -> map(K,V)                            | aggregate  | pairs_collected(@list({'k': {0}, 'v': {1}})) |
map_union(map(K,V)) -> map(K,V)                      | aggregate  | pairs_collected(flatten(@list(list_transform(range(1, len(map_keys({0})) + 1), lambda _i: {'k': map_keys({0})[_i], 'v': map_values({0})[_i]})))) |
max(O) -> O                                          | aggregate  | @max({0}) |
max(O, bigint) -> array(O)                           | aggregate  | @max({0}, {1}) |
max_by(T, O) -> T                                    | aggregate  | @arg_max_null({0}, {1}) |
max_by(T, O, bigint) -> array(T)                     | aggregate  | @arg_max({0}, {1}, {2}) |
min(O) -> O                                          | aggregate  | @min({0}) |
min(O, bigint) -> array(O)                           | aggregate  | @min({0}, {1}) |
min_by(T, O) -> T                                    | aggregate  | @arg_min_null({0}, {1}) |
min_by(T, O, bigint) -> array(T)                     | aggregate  | @arg_min({0}, {1}, {2}) |
multimap_agg(K, V) -> map(K,array(V))                | aggregate  | grouped_pairs(@list({'k': {0}, 'v': {1}})) |
numeric_histogram(bigint, double) -> map(double,double) | aggregate | map_from_entries(list_transform(map_keys(@histogram({1})), lambda _k: {'k': _k, 'v': CAST(1 AS DOUBLE)})) |
reduce_agg(T, S, function(S,T,S), function(S,S,S)) -> S | refused | it has no local counterpart |
regr_intercept(double, double) -> double             | aggregate  | @regr_intercept({0}, {1}) |
regr_slope(double, double) -> double                 | aggregate  | @regr_slope({0}, {1}) |
skewness(double) -> double                           | aggregate  | @skewness({0}) |
stddev(double) -> double                             | aggregate  | @stddev_samp({0}) |
stddev_pop(double) -> double                         | aggregate  | @stddev_pop({0}) |
stddev_samp(double) -> double                        | aggregate  | @stddev_samp({0}) |
sum(bigint) -> bigint                                | aggregate  | CAST(@sum({0}) AS BIGINT) | an overflow is an error
sum(decimal) -> decimal                              | aggregate  | sum_decimal |
sum(real) -> real                                    | aggregate  | CAST(@sum({0}) AS FLOAT) |
sum(double) -> double                                | aggregate  | @sum({0}) |
sum(interval day to second) -> interval day to second | aggregate | CAST(@sum({0}) AS BIGINT) |
var_pop(double) -> double                            | aggregate  | @var_pop({0}) |
var_samp(double) -> double                           | aggregate  | @var_samp({0}) |
variance(double) -> double                           | aggregate  | @var_samp({0}) |
"""
