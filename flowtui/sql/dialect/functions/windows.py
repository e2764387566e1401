"""Functions that need OVER. Source: https://trino.io/docs/current/functions/window.html"""

TABLE = r"""
cume_dist() -> double                                | window     | @cume_dist() |
dense_rank() -> bigint                               | window     | @dense_rank() |
first_value(T) -> T                                  | window     | @first_value({0}) |
lag(T) -> T                                          | window     | @lag({0}) |
lag(T, bigint) -> T                                  | window     | @lag({0}, {1}) |
lag(T, bigint, T) -> T                               | window     | @lag({0}, {1}, {2}) |
last_value(T) -> T                                   | window     | @last_value({0}) |
lead(T) -> T                                         | window     | @lead({0}) |
lead(T, bigint) -> T                                 | window     | @lead({0}, {1}) |
lead(T, bigint, T) -> T                              | window     | @lead({0}, {1}, {2}) |
nth_value(T, bigint) -> T                            | window     | @nth_value({0}, {1}) |
ntile(bigint) -> bigint                              | window     | @ntile({0}) |
percent_rank() -> double                             | window     | @percent_rank() |
rank() -> bigint                                     | window     | @rank() |
row_number() -> bigint                               | window     | @row_number() |
"""
