"""Dates, times and durations. Source: https://trino.io/docs/current/functions/datetime.html"""

TABLE = r"""
at_timezone(tstz, varchar) -> tstz                           | rewrite    | at_zone |
current_date() -> date                                       | expression | CAST(timezone('UTC', now()) AS DATE) |
current_time() -> time                                       | refused    | time with time zone has no local counterpart |
current_timezone() -> varchar                                | expression | 'UTC' |
date(varchar) -> date                                        | rewrite    | to_date |
date(timestamp) -> date                                      | rewrite    | to_date |
date(tstz) -> date                                           | rewrite    | to_date |
date_add(varchar, bigint, date) -> date                      | rewrite    | date_add |
date_add(varchar, bigint, timestamp) -> =3                   | rewrite    | date_add |
date_add(varchar, bigint, tstz) -> =3                        | rewrite    | date_add |
date_diff(varchar, date, date) -> bigint                     | rewrite    | date_diff | complete units, not boundaries crossed
date_diff(varchar, timestamp, timestamp) -> bigint           | rewrite    | date_diff |
date_diff(varchar, tstz, tstz) -> bigint                     | rewrite    | date_diff |
date_format(timestamp, varchar) -> varchar                   | rewrite    | date_format | MySQL's letters; the format must be a literal locally
date_format(tstz, varchar) -> varchar                        | rewrite    | date_format |
date_parse(varchar, varchar) -> timestamp(3)                 | rewrite    | date_parse | MySQL's letters; the format must be a literal locally
date_trunc(varchar, date) -> date                            | rewrite    | date_trunc |
date_trunc(varchar, timestamp) -> =2                         | rewrite    | date_trunc |
date_trunc(varchar, tstz) -> =2                              | rewrite    | date_trunc |
day(date) -> bigint                                          | same       | |
day(timestamp) -> bigint                                     | same       | |
day(tstz) -> bigint                                          | same       | |
day(interval day to second) -> bigint                        | expression | {0} // 86400000 |
day_of_month(date) -> bigint                                 | renamed    | day |
day_of_month(timestamp) -> bigint                            | renamed    | day |
day_of_month(tstz) -> bigint                                 | renamed    | day |
day_of_week(date) -> bigint                                  | renamed    | isodow | Monday is 1
day_of_week(timestamp) -> bigint                             | renamed    | isodow |
day_of_week(tstz) -> bigint                                  | renamed    | isodow |
day_of_year(date) -> bigint                                  | renamed    | dayofyear |
day_of_year(timestamp) -> bigint                             | renamed    | dayofyear |
day_of_year(tstz) -> bigint                                  | renamed    | dayofyear |
dow(date) -> bigint                                          | renamed    | isodow |
dow(timestamp) -> bigint                                     | renamed    | isodow |
dow(tstz) -> bigint                                          | renamed    | isodow |
doy(date) -> bigint                                          | renamed    | dayofyear |
doy(timestamp) -> bigint                                     | renamed    | dayofyear |
doy(tstz) -> bigint                                          | renamed    | dayofyear |
format_datetime(timestamp, varchar) -> varchar               | rewrite    | format_datetime | Joda's letters; the format must be a literal locally
format_datetime(tstz, varchar) -> varchar                    | rewrite    | format_datetime |
from_iso8601_date(varchar) -> date                           | rewrite    | to_date |
from_iso8601_timestamp(varchar) -> tstz                      | rewrite    | iso_moment |
from_unixtime(bigint) -> tstz                                | expression | make_timestamp({0} * 1000000) |
from_unixtime(double) -> tstz                                | macro      | from_seconds({0}) |
from_unixtime(bigint, varchar) -> tstz                       | rewrite    | from_unixtime |
from_unixtime(double, varchar) -> tstz                       | rewrite    | from_unixtime |
from_unixtime(double, bigint, bigint) -> tstz                | rewrite    | from_unixtime |
from_unixtime_nanos(bigint) -> timestamp with time zone      | refused    | it is finer than a microsecond |
hour(time) -> bigint                                         | same       | |
hour(timestamp) -> bigint                                    | same       | |
hour(tstz) -> bigint                                         | same       | |
hour(interval day to second) -> bigint                       | expression | {0} // 3600000 % 24 |
human_readable_seconds(double) -> varchar                    | macro      | readable_seconds({0}) |
last_day_of_month(date) -> date                              | renamed    | last_day |
last_day_of_month(timestamp) -> date                         | renamed    | last_day |
last_day_of_month(tstz) -> date                              | renamed    | last_day |
localtime() -> time(3)                                       | expression | CAST(timezone('UTC', now()) AS TIME) |
localtimestamp() -> timestamp(3)                             | expression | date_trunc('millisecond', timezone('UTC', now())) |
millisecond(time) -> bigint                                  | expression | millisecond({0}) % 1000 |
millisecond(timestamp) -> bigint                             | expression | millisecond({0}) % 1000 |
millisecond(tstz) -> bigint                                  | expression | millisecond({0}) % 1000 |
millisecond(interval day to second) -> bigint                | expression | {0} % 1000 |
minute(time) -> bigint                                       | same       | |
minute(timestamp) -> bigint                                  | same       | |
minute(tstz) -> bigint                                       | same       | |
minute(interval day to second) -> bigint                     | expression | {0} // 60000 % 60 |
month(date) -> bigint                                        | same       | |
month(timestamp) -> bigint                                   | same       | |
month(tstz) -> bigint                                        | same       | |
month(interval year to month) -> bigint                      | expression | CAST({0} % 12 AS BIGINT) |
now() -> tstz                                                | expression | date_trunc('millisecond', timezone('UTC', now())) |
parse_datetime(varchar, varchar) -> tstz                     | rewrite    | parse_datetime | Joda's letters; the format must be a literal locally
parse_duration(varchar) -> interval day to second            | macro      | duration_milliseconds({0}, {at}) |
quarter(date) -> bigint                                      | same       | |
quarter(timestamp) -> bigint                                 | same       | |
quarter(tstz) -> bigint                                      | same       | |
second(time) -> bigint                                       | same       | |
second(timestamp) -> bigint                                  | same       | |
second(tstz) -> bigint                                       | same       | |
second(interval day to second) -> bigint                     | expression | {0} // 1000 % 60 |
timezone(tstz) -> varchar                                    | rewrite    | zone_of |
timezone_hour(tstz) -> bigint                                | rewrite    | zone_hour |
timezone_minute(tstz) -> bigint                              | rewrite    | zone_minute |
to_date(timestamp, varchar) -> date                          | refused    | it is one of the Teradata functions |
to_iso8601(date) -> varchar                                  | expression | CAST({0} AS VARCHAR) |
to_iso8601(timestamp) -> varchar                             | rewrite    | to_iso8601 |
to_iso8601(tstz) -> varchar                                  | rewrite    | to_iso8601 |
to_milliseconds(interval day to second) -> bigint            | expression | {0} |
to_unixtime(timestamp) -> double                             | expression | epoch({0}) |
to_unixtime(tstz) -> double                                  | rewrite    | to_unixtime |
week(date) -> bigint                                         | renamed    | weekofyear | ISO
week(timestamp) -> bigint                                    | renamed    | weekofyear |
week(tstz) -> bigint                                         | renamed    | weekofyear |
week_of_year(date) -> bigint                                 | renamed    | weekofyear |
week_of_year(timestamp) -> bigint                            | renamed    | weekofyear |
week_of_year(tstz) -> bigint                                 | renamed    | weekofyear |
with_timezone(timestamp, varchar) -> tstz                    | rewrite    | with_zone |
year(date) -> bigint                                         | same       | |
year(timestamp) -> bigint                                    | same       | |
year(tstz) -> bigint                                         | same       | |
year(interval year to month) -> bigint                       | expression | CAST({0} // 12 AS BIGINT) |
year_of_week(date) -> bigint                                 | renamed    | isoyear |
year_of_week(timestamp) -> bigint                            | renamed    | isoyear |
year_of_week(tstz) -> bigint                                 | renamed    | isoyear |
yow(date) -> bigint                                          | renamed    | isoyear |
yow(timestamp) -> bigint                                     | renamed    | isoyear |
yow(tstz) -> bigint                                          | renamed    | isoyear |
"""
