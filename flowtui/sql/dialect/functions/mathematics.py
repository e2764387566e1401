"""Numbers. Source: https://trino.io/docs/current/functions/math.html"""

TABLE = r"""
abs(N) -> =1                                   | same       | |
acos(double) -> double                         | expression | CASE WHEN abs({0}) <= 1 THEN acos({0}) WHEN {0} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END |
asin(double) -> double                         | expression | CASE WHEN abs({0}) <= 1 THEN asin({0}) WHEN {0} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END |
atan(double) -> double                         | same       | |
atan2(double, double) -> double                | same       | |
cbrt(double) -> double                         | same       | |
ceil(N) -> decimal                             | rewrite    | ceiling |
ceiling(N) -> decimal                          | rewrite    | ceiling |
cos(double) -> double                          | same       | |
cosh(double) -> double                         | same       | |
cosine_similarity(array(double), array(double)) -> double | renamed | list_cosine_similarity |
degrees(double) -> double                      | same       | |
dot_product(array(double), array(double)) -> double | renamed | list_inner_product |
e() -> double                                  | expression | exp(CAST(1 AS DOUBLE)) |
euclidean_distance(array(double), array(double)) -> double | renamed | list_distance |
exp(double) -> double                          | same       | |
floor(N) -> decimal                            | rewrite    | floor |
from_base(varchar, bigint) -> bigint           | macro      | number_in_base({0}, {1}, {at}) |
infinity() -> double                           | expression | CAST('Infinity' AS DOUBLE) |
is_finite(double) -> boolean                   | renamed    | isfinite |
is_infinite(double) -> boolean                 | renamed    | isinf |
is_nan(double) -> boolean                      | renamed    | isnan |
ln(double) -> double                           | expression | CASE WHEN {0} > 0 THEN ln({0}) WHEN {0} = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN {0} < 0 THEN CAST('NaN' AS DOUBLE) ELSE {0} END |
log(double, double) -> double                  | expression | ln({1}) / ln({0}) |
log10(double) -> double                        | expression | CASE WHEN {0} > 0 THEN log10({0}) WHEN {0} = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN {0} < 0 THEN CAST('NaN' AS DOUBLE) ELSE {0} END |
log2(double) -> double                         | expression | CASE WHEN {0} > 0 THEN log2({0}) WHEN {0} = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN {0} < 0 THEN CAST('NaN' AS DOUBLE) ELSE {0} END |
mod(N, N) -> =1                                | rewrite    | modulus |
nan() -> double                                | expression | CAST('NaN' AS DOUBLE) |
pi() -> double                                 | same       | |
pow(double, double) -> double                  | same       | |
power(double, double) -> double                | renamed    | pow |
radians(double) -> double                      | same       | |
rand() -> double                               | renamed    | random |
rand(bigint) -> bigint                         | expression | CAST(floor(random() * {0}) AS BIGINT) |
rand(bigint, bigint) -> bigint                 | expression | CAST({0} + floor(random() * ({1} - {0})) AS BIGINT) |
random() -> double                             | same       | |
random(bigint) -> bigint                       | expression | CAST(floor(random() * {0}) AS BIGINT) |
random(bigint, bigint) -> bigint               | expression | CAST({0} + floor(random() * ({1} - {0})) AS BIGINT) |
round(N) -> decimal                            | rewrite    | rounded |
round(N, integer) -> decimal                   | rewrite    | rounded |
sign(N) -> decimal                             | rewrite    | sign |
sin(double) -> double                          | same       | |
sinh(double) -> double                         | same       | |
sqrt(double) -> double                         | expression | CASE WHEN {0} >= 0 THEN sqrt({0}) WHEN {0} < 0 THEN CAST('NaN' AS DOUBLE) END |
tan(double) -> double                          | same       | |
tanh(double) -> double                         | same       | |
to_base(bigint, bigint) -> varchar             | macro      | digits_in_base({0}, {1}) |
truncate(N) -> decimal                         | rewrite    | truncated |
truncate(N, integer) -> decimal                | rewrite    | truncated |
width_bucket(double, double, double, bigint) -> bigint | macro | bucket_of({0}, {1}, {2}, {3}) |
width_bucket(double, array(double)) -> bigint  | expression | len(list_filter({1}, lambda _b: {0} >= _b)) |
"""
