-- What Athena does and DuckDB has no function for. Loaded once per database instance into an attached in-memory
-- catalog, so that the workspace file stays free of it. One statement ends with a semicolon at the end of a line.
--
-- A check that fails does so by casting its message to a number: unlike error(), that may stand inside TRY.
-- The argument spot is the offset of the call in the user's text.

CREATE MACRO failure(message, spot) AS 'Athena@' || spot || ': ' || message;
CREATE MACRO fail(message, spot) AS CAST('Athena@' || spot || ': ' || message AS BIGINT);

-- Numbers ---------------------------------------------------------------------------------------------------------
CREATE MACRO nonzero(x, spot) AS CASE WHEN x = 0 THEN fail('Division by zero.', spot) ELSE x END;
-- Checks of counts and offsets, which DuckDB takes as NULL or as nothing.
CREATE MACRO positive(n, spot) AS CASE WHEN n < 1 THEN fail('This counts from 1.', spot) ELSE n END;
CREATE MACRO percentile_share(p, spot) AS CASE WHEN p BETWEEN 0 AND 1 THEN least(p + 1e-12, 1) WHEN p IS NULL THEN fail('A percentile that is NULL is not available locally.', spot) ELSE fail('A percentile is between 0 and 1.', spot) END;
CREATE MACRO percentile_shares(list, spot) AS list_transform(list, lambda p: percentile_share(p, spot));
CREATE MACRO finite_number(x, spot) AS CASE WHEN isfinite(x) OR x IS NULL THEN x ELSE fail('approx_percentile takes finite numbers.', spot) END;
CREATE MACRO standard_error(e, spot) AS CASE WHEN e BETWEEN 0.0040625 AND 0.26 THEN 0 ELSE fail('The standard error is between 0.0040625 and 0.26.', spot) END;
-- Java has no power of ten beyond the eighteenth.
CREATE MACRO whole_digits(d, spot) AS CAST(CASE WHEN d < -18 THEN fail('Rounding to this many digits overflows.', spot) ELSE d END AS INTEGER);
CREATE MACRO step_forward(n, spot) AS CASE WHEN n IS NULL OR n < 0 THEN fail('An offset is a number of rows, from 0.', spot) ELSE n END;
CREATE MACRO frame_distance(n, spot) AS CASE WHEN n IS NULL OR n < 0 THEN fail('A frame reaches a distance of 0 or more.', spot) ELSE n END;
CREATE MACRO recursion_ends(n, most, spot) AS CASE WHEN n > most THEN fail('Athena refuses a recursion of more than ' || most || ' steps.', spot) > 0 ELSE true END;
-- DuckDB's random has no bounds.
CREATE MACRO random_between(low, high, spot) AS CASE WHEN low >= high THEN fail('The lower bound is less than the upper one.', spot) ELSE low + CAST(floor(random() * (CAST(high AS HUGEINT) - low)) AS BIGINT) END;
CREATE MACRO divide_rounded(a, b) AS a // b + CASE WHEN abs(a % b) * 2 >= abs(b) THEN CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END ELSE 0 END;
CREATE MACRO point_inserted(digits, scale) AS CASE WHEN digits < 0 THEN '-' ELSE '' END || lpad(left(CAST(abs(digits) AS VARCHAR), -scale), CAST(greatest(1, length(CAST(abs(digits) AS VARCHAR)) - scale) AS INTEGER), '0') || '.' || lpad(right(CAST(abs(digits) AS VARCHAR), scale), scale, '0');
CREATE MACRO whole_days(milliseconds, spot) AS CAST(CASE WHEN milliseconds % 86400000 = 0 THEN milliseconds // 86400000 ELSE fail('A date takes whole days, months and years only.', spot) END AS INTEGER);
CREATE MACRO shifted_left(x, n) AS CASE WHEN n >= 64 OR n < 0 THEN 0 WHEN n = 0 THEN x ELSE CAST(CASE WHEN (CAST(x AS HUGEINT) & ((CAST(1 AS HUGEINT) << (64 - n)) - 1)) * (CAST(1 AS HUGEINT) << n) >= (CAST(1 AS HUGEINT) << 63) THEN (CAST(x AS HUGEINT) & ((CAST(1 AS HUGEINT) << (64 - n)) - 1)) * (CAST(1 AS HUGEINT) << n) - (CAST(1 AS HUGEINT) << 64) ELSE (CAST(x AS HUGEINT) & ((CAST(1 AS HUGEINT) << (64 - n)) - 1)) * (CAST(1 AS HUGEINT) << n) END AS BIGINT) END;
CREATE MACRO shifted_right(x, n) AS CASE WHEN n >= 64 OR n < 0 THEN 0 WHEN n = 0 THEN x ELSE CAST(((CAST(x AS HUGEINT) & ((CAST(1 AS HUGEINT) << 64) - 1)) >> CAST(n AS INTEGER)) AS BIGINT) END;
CREATE MACRO bits_or(a, b) AS a | b;
CREATE MACRO bits_counted(x, width, spot) AS CASE WHEN width < 2 OR width > 64 THEN fail('Bits are counted in 2 to 64 bits.', spot) WHEN width < 64 AND (x >= (CAST(1 AS HUGEINT) << (width - 1)) OR x < -(CAST(1 AS HUGEINT) << (width - 1))) THEN fail('The number does not fit the bits.', spot) WHEN x >= 0 OR width = 64 THEN CAST(bit_count(CAST(x AS BIGINT)) AS BIGINT) ELSE CAST(bit_count(CAST(x AS BIGINT)) AS BIGINT) - (64 - width) END;
-- DuckDB has no width_bucket.
CREATE MACRO bucket_of(x, low, high, n, spot) AS CASE WHEN n <= 0 OR isnan(x) OR low = high OR NOT isfinite(low) OR NOT isfinite(high) THEN fail('width_bucket takes a number, two different finite bounds and a positive count.', spot) ELSE CAST(CASE WHEN low < high THEN CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE floor(n * ((x - low) / (high - low))) + 1 END ELSE CASE WHEN x > low THEN 0 WHEN x <= high THEN n + 1 ELSE floor(n * ((low - x) / (low - high))) + 1 END END AS BIGINT) END;
CREATE MACRO bucket_among(x, bins, spot) AS CASE WHEN len(bins) = 0 OR isnan(x) OR bins <> list_sort(bins) OR len(list_filter(bins, lambda b: b IS NULL OR NOT isfinite(b))) > 0 THEN fail('width_bucket takes a number and finite bins in ascending order.', spot) ELSE len(list_filter(bins, lambda b: x >= b)) END;
CREATE MACRO digits_in_base(x, radix) AS CASE WHEN x < 0 THEN '-' ELSE '' END || CASE WHEN abs(x) < radix THEN substr('0123456789abcdefghijklmnopqrstuvwxyz', abs(x) + 1, 1) ELSE ltrim(list_reduce(list_transform(range(0, 64), lambda i: substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST((CAST(abs(x) AS HUGEINT) // CAST(pow(radix, least(i, floor(62 / log2(radix)))) AS HUGEINT)) % radix AS BIGINT) + 1, CASE WHEN i <= floor(62 / log2(radix)) THEN 1 ELSE 0 END)), lambda a, b: b || a), '0') END;
CREATE MACRO radix_checked(radix, spot) AS CASE WHEN radix BETWEEN 2 AND 36 THEN radix WHEN radix IS NOT NULL THEN fail('A radix is between 2 and 36.', spot) END;
CREATE MACRO number_in_base(x, radix, spot) AS CASE WHEN x IS NULL THEN NULL WHEN length(ltrim(x, '-')) = 0 OR len(list_filter(string_split(ltrim(lower(x), '-'), ''), lambda c: strpos(left('0123456789abcdefghijklmnopqrstuvwxyz', CAST(radix AS BIGINT)), c) = 0)) > 0 THEN fail('Not a number in this base: ' || x, spot) ELSE CAST(CASE WHEN x LIKE '-%' THEN -1 ELSE 1 END * list_reduce(list_transform(string_split(ltrim(lower(x), '-'), ''), lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS HUGEINT)), lambda a, b: a * radix + b) AS BIGINT) END;

-- Casts: each gives the text to be cast, or a text whose cast fails with the message ------------------------------
CREATE MACRO cannot_cast(x, kind, spot) AS failure('Cannot cast ''' || x || ''' to ' || kind || '.', spot);
CREATE MACRO decimal_text(x) AS regexp_replace(CAST(x AS VARCHAR), '^(-?)\.', '\10.');
CREATE MACRO integer_text(x, kind, spot) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN ltrim(x, '+') ELSE cannot_cast(x, kind, spot) END;
CREATE MACRO number_text(x, kind, spot) AS CASE WHEN regexp_full_match(x, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?') THEN ltrim(x, '+') ELSE cannot_cast(x, kind, spot) END;
CREATE MACRO double_source(x, kind, spot) AS CASE WHEN regexp_full_match(trim(x), '[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)') THEN ltrim(trim(x), '+') ELSE cannot_cast(x, kind, spot) END;
CREATE MACRO boolean_text(x, kind, spot) AS CASE WHEN lower(x) IN ('t', 'true', '1') THEN 'true' WHEN lower(x) IN ('f', 'false', '0') THEN 'false' ELSE cannot_cast(x, kind, spot) END;
-- DuckDB's TIME wants seconds and takes more spellings.
CREATE MACRO clock_text(x, kind, spot) AS CASE WHEN regexp_full_match(x, '([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?') THEN CASE WHEN regexp_full_match(x, '[0-9]+:[0-9]+') THEN x || ':00' ELSE x END ELSE cannot_cast(x, kind, spot) END;
CREATE MACRO date_text(x, kind, spot) AS CASE WHEN regexp_full_match(trim(x), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN trim(x) ELSE cannot_cast(x, kind, spot) END;
-- A zone in the text is dropped by a cast to timestamp.
CREATE MACRO without_zone(x) AS regexp_replace(trim(x), ' ?([A-Za-z]+(/[A-Za-z_]+)*|[+-][0-9]{1,2}:?[0-9]{2})$', '');
CREATE MACRO plain_moment(x, kind, spot) AS CASE WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( ([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?)?') THEN CASE WHEN regexp_matches(x, ' [0-9]{1,2}:[0-9]{1,2}$') THEN x || ':00' ELSE x END ELSE cannot_cast(x, kind, spot) END;
-- DuckDB cuts digits beyond the microsecond off.
CREATE MACRO microsecond_rounded(x, source) AS CASE WHEN regexp_matches(source, '\.[0-9]{6}[5-9]') THEN x + INTERVAL 1 MICROSECOND ELSE x END;
CREATE MACRO timestamp_text(x, kind, spot) AS plain_moment(without_zone(x), kind, spot);
-- DuckDB reads no space before an offset, and no Z.
CREATE MACRO zone_respelled(x) AS regexp_replace(regexp_replace(trim(x), ' ([+-][0-9]{2}:?[0-9]{2})$', '\1'), ' ?Z$', ' UTC');
CREATE MACRO zoned_text(x, spot) AS CASE WHEN without_zone(x) = trim(x) THEN CAST(timestamp_text(x, 'timestamp with time zone', spot) AS TIMESTAMP) ELSE timezone('UTC', CAST(CASE WHEN regexp_full_match(trim(x), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} ([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)? ?[A-Za-z+-].*') THEN zone_respelled(x) ELSE cannot_cast(x, 'timestamp with time zone', spot) END AS TIMESTAMPTZ)) END;
-- Trino scales, rounds and scales back, and a number without digits at that place stays as it is; DuckDB's round(x, n)
-- looks at the exact binary value instead, and its releases disagree about 1.45.
CREATE MACRO rounded_at(x, digits) AS CASE WHEN x IS NULL OR digits IS NULL THEN NULL WHEN NOT isfinite(x) THEN x WHEN abs(CAST(x AS DOUBLE)) * pow(10, digits) < 9.2e18 THEN CASE WHEN x < 0 THEN -1 ELSE 1 END * (round(abs(CAST(x AS DOUBLE)) * pow(10, digits)) / pow(10, digits)) ELSE x END;
-- What is too large for a real is infinite.
CREATE MACRO nearest_real(x) AS CASE WHEN abs(x) >= 3.4028235677973366e38 THEN CAST(CASE WHEN isnan(x) THEN 'NaN' WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END AS FLOAT) ELSE CAST(x AS FLOAT) END;
CREATE MACRO round_moment(x, step) AS make_timestamp(CAST(((epoch_us(x) + step // 2) - ((((epoch_us(x) + step // 2) % step) + step) % step)) AS BIGINT));
CREATE MACRO text_fits(x, n, spot) AS CASE WHEN length(x) <= n THEN x WHEN x IS NULL THEN NULL ELSE CAST(fail('Value ' || x || ' does not fit varchar(' || n || ').', spot) AS VARCHAR) END;
CREATE MACRO double_digits(t) AS replace(replace(t, '.', ''), '-', '');
CREATE MACRO double_scientific(t, whole, significant) AS CASE WHEN whole <> '0' THEN left(significant, 1) || '.' || CASE WHEN rtrim(substr(significant, 2), '0') = '' THEN '0' ELSE rtrim(substr(significant, 2), '0') END || 'E' || (length(whole) - 1) ELSE left(significant, 1) || '.' || CASE WHEN substr(significant, 2) = '' THEN '0' ELSE substr(significant, 2) END || 'E-' || (length(t) - length(significant) - 1) END;
CREATE MACRO double_text(x) AS CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN x = 0 OR (abs(x) >= 1e-3 AND abs(x) < 1e7) THEN CAST(x AS VARCHAR) WHEN strpos(CAST(x AS VARCHAR), 'e') > 0 THEN split_part(CAST(x AS VARCHAR), 'e', 1) || CASE WHEN strpos(split_part(CAST(x AS VARCHAR), 'e', 1), '.') > 0 THEN '' ELSE '.0' END || 'E' || CAST(split_part(CAST(x AS VARCHAR), 'e', 2) AS INTEGER) ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || double_scientific(ltrim(CAST(x AS VARCHAR), '-'), split_part(ltrim(CAST(x AS VARCHAR), '-'), '.', 1), ltrim(double_digits(CAST(x AS VARCHAR)), '0')) END;
CREATE MACRO interval_text(x) AS CASE WHEN x < 0 THEN '-' ELSE '' END || (abs(x) // 86400000) || ' ' || lpad(CAST(abs(x) // 3600000 % 24 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(x) // 60000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(x) // 1000 % 60 AS VARCHAR), 2, '0') || '.' || lpad(CAST(abs(x) % 1000 AS VARCHAR), 3, '0');
CREATE MACRO months_text(x) AS CASE WHEN x < 0 THEN '-' ELSE '' END || (abs(x) // 12) || '-' || (abs(x) % 12);
CREATE MACRO json_text(x) AS json_extract_string(x, '$');
-- A key by a JSON pointer, because a path would read dots and quotes in it.
CREATE MACRO json_field(x, name) AS json_extract(x, '/' || replace(replace(name, '~', '~0'), '/', '~1'));
-- Names of a row's fields count without case.
CREATE MACRO json_field_of_row(x, name) AS json_field(x, coalesce(list_filter(json_keys(x), lambda k: lower(k) = lower(name))[-1], name));
CREATE MACRO json_path(p, spot) AS CASE WHEN regexp_full_match(p, '\$(\.\w+|\[[0-9]+\])*') THEN p WHEN p IS NOT NULL THEN CAST(fail('A computed JSON path is of the form $.name[0], locally: ' || p, spot) AS VARCHAR) END;
-- JSON has no NaN: Trino writes it as a text, and doubles as Java does.
CREATE MACRO json_double(x) AS CASE WHEN isfinite(x) THEN double_text(x) ELSE '"' || double_text(x) || '"' END;
-- JSON read as another type: DuckDB takes objects as texts, and no truth as a number.
CREATE MACRO json_scalar_text(x, kind, spot) AS CASE json_type(x) WHEN 'ARRAY' THEN CAST(CAST(cannot_cast(x, kind, spot) AS BIGINT) AS VARCHAR) WHEN 'OBJECT' THEN CAST(CAST(cannot_cast(x, kind, spot) AS BIGINT) AS VARCHAR) WHEN 'DOUBLE' THEN double_text(CAST(json_text(x) AS DOUBLE)) ELSE json_text(x) END;
CREATE MACRO json_number_text(x, kind, spot) AS CASE json_type(x) WHEN 'ARRAY' THEN cannot_cast(x, kind, spot) WHEN 'OBJECT' THEN cannot_cast(x, kind, spot) WHEN 'BOOLEAN' THEN CASE json_text(x) WHEN 'true' THEN '1' ELSE '0' END ELSE json_text(x) END;
CREATE MACRO json_whole_text(x, kind, spot) AS CASE json_type(x) WHEN 'DOUBLE' THEN CAST(CAST(round(CAST(json_text(x) AS DOUBLE)) AS HUGEINT) AS VARCHAR) ELSE integer_text(json_number_text(x, kind, spot), kind, spot) END;
CREATE MACRO json_truth_text(x, kind, spot) AS CASE WHEN json_type(x) IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN CASE WHEN CAST(json_text(x) AS DOUBLE) = 0 THEN 'false' ELSE 'true' END ELSE boolean_text(json_scalar_text(x, kind, spot), kind, spot) END;

-- IP addresses: 128-bit numbers, IPv4 in ::ffff:0:0/96 -------------------------------------------------------------
-- list_transform([x], lambda a: …)[1] names a value: a macro's argument is copied to every place it is used at. Such
-- lambdas must not nest deeply, because planning doubles with each.
CREATE MACRO is_ipv4(x) AS regexp_full_match(x, '((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])');
CREATE MACRO ipv4_number(x) AS TRY_CAST(split_part(x, '.', 1) AS BIGINT) * 16777216 + TRY_CAST(split_part(x, '.', 2) AS BIGINT) * 65536 + TRY_CAST(split_part(x, '.', 3) AS BIGINT) * 256 + TRY_CAST(split_part(x, '.', 4) AS BIGINT);
CREATE MACRO ipv6_hexed_tail(x, tail) AS regexp_replace(x, '[^:]*$', '') || CASE WHEN is_ipv4(tail) THEN printf('%x:%x', ipv4_number(tail) // 65536, ipv4_number(tail) % 65536) END;
CREATE MACRO ipv6_plain(x) AS CASE WHEN strpos(x, '.') > 0 THEN ipv6_hexed_tail(x, regexp_extract(x, '[^:]*$')) ELSE x END;
CREATE MACRO ipv6_colons(x) AS length(x) - length(replace(x, ':', ''));
CREATE MACRO ipv6_ended(x) AS CASE WHEN starts_with(x, '::') THEN '0' ELSE '' END || x || CASE WHEN ends_with(x, '::') THEN '0' ELSE '' END;
CREATE MACRO ipv6_filled(x) AS CASE WHEN strpos(x, '::') = 0 THEN x WHEN ipv6_colons(x) <= CASE WHEN starts_with(x, '::') OR ends_with(x, '::') THEN 8 ELSE 7 END THEN replace(ipv6_ended(x), '::', ':' || repeat('0:', CAST(8 - ipv6_colons(x) AS BIGINT))) END;
CREATE MACRO ipv6_digits(e) AS CASE WHEN regexp_full_match(e, '([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}') THEN lpad(split_part(e, ':', 1), 4, '0') || lpad(split_part(e, ':', 2), 4, '0') || lpad(split_part(e, ':', 3), 4, '0') || lpad(split_part(e, ':', 4), 4, '0') || lpad(split_part(e, ':', 5), 4, '0') || lpad(split_part(e, ':', 6), 4, '0') || lpad(split_part(e, ':', 7), 4, '0') || lpad(split_part(e, ':', 8), 4, '0') END;
CREATE MACRO hex_number(h) AS CAST(TRY_CAST('0x' || left(h, 16) AS UBIGINT) AS UHUGEINT) * CAST(18446744073709551616 AS UHUGEINT) + CAST(TRY_CAST('0x' || right(h, 16) AS UBIGINT) AS UHUGEINT);
CREATE MACRO ipv6_number(x) AS list_transform([ipv6_plain(x)], lambda p: list_transform([ipv6_filled(p)], lambda e: hex_number(ipv6_digits(e)))[1])[1];
CREATE MACRO no_address(x, spot) AS CAST(fail('Cannot cast ''' || x || ''' to ipaddress.', spot) AS UHUGEINT);
CREATE MACRO ip_number(x, spot) AS CASE WHEN is_ipv4(x) THEN CAST(ipv4_number(x) + 281470681743360 AS UHUGEINT) WHEN x IS NOT NULL THEN coalesce(ipv6_number(x), no_address(x, spot)) END;
CREATE MACRO ipv4_text(n) AS concat_ws('.', n // 16777216, n // 65536 % 256, n // 256 % 256, n % 256);
CREATE MACRO ipv6_groups(x) AS printf('%x:%x:%x:%x:%x:%x:%x:%x', CAST((x >> CAST(112 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(96 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(80 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(64 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(48 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(32 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(16 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT), CAST((x >> CAST(0 AS UHUGEINT)) & CAST(65535 AS UHUGEINT) AS BIGINT));
CREATE MACRO ipv6_compressed(t) AS CASE WHEN regexp_matches(t, '(^|:)0(:0){7}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){7}(:|$)', '::') WHEN regexp_matches(t, '(^|:)0(:0){6}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){6}(:|$)', '::') WHEN regexp_matches(t, '(^|:)0(:0){5}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){5}(:|$)', '::') WHEN regexp_matches(t, '(^|:)0(:0){4}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){4}(:|$)', '::') WHEN regexp_matches(t, '(^|:)0(:0){3}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){3}(:|$)', '::') WHEN regexp_matches(t, '(^|:)0(:0){2}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){2}(:|$)', '::') WHEN regexp_matches(t, '(^|:)0(:0){1}(:|$)') THEN regexp_replace(t, '(^|:)0(:0){1}(:|$)', '::') ELSE t END;
CREATE MACRO ipv6_text(x) AS list_transform([ipv6_groups(x)], lambda t: ipv6_compressed(t))[1];
CREATE MACRO ip_known_text(x) AS CASE WHEN x BETWEEN CAST(281470681743360 AS UHUGEINT) AND CAST(281474976710655 AS UHUGEINT) THEN ipv4_text(CAST(x - CAST(281470681743360 AS UHUGEINT) AS BIGINT)) WHEN x IS NOT NULL THEN ipv6_text(x) END;
CREATE MACRO ip_text(x) AS list_transform([x], lambda a: ip_known_text(a))[1];
-- The 16 bytes of an address, and back from 4 or 16.
CREATE MACRO ip_bytes(x) AS from_hex(lpad(to_hex(CAST(x >> CAST(64 AS UHUGEINT) AS UBIGINT)), 16, '0') || lpad(to_hex(CAST(x & CAST(18446744073709551615 AS UHUGEINT) AS UBIGINT)), 16, '0'));
CREATE MACRO ip_of_bytes(x, spot) AS CASE octet_length(x) WHEN 16 THEN hex_number(hex(x)) WHEN 4 THEN hex_number('00000000000000000000ffff' || hex(x)) ELSE CASE WHEN x IS NOT NULL THEN CAST(fail('An IP address has 4 or 16 bytes.', spot) AS UHUGEINT) END END;
CREATE MACRO prefix_size(cidr, spot) AS CASE WHEN regexp_full_match(split_part(cidr, '/', 2), '[0-9]{1,3}') AND CAST(split_part(cidr, '/', 2) AS INTEGER) <= CASE WHEN strpos(cidr, ':') > 0 THEN 128 ELSE 32 END THEN CAST(split_part(cidr, '/', 2) AS INTEGER) + CASE WHEN strpos(cidr, ':') > 0 THEN 0 ELSE 96 END ELSE CAST(fail('Invalid CIDR: ' || cidr, spot) AS INTEGER) END;
CREATE MACRO in_prefix(base, size, ip) AS CASE WHEN size = 0 THEN ip IS NOT NULL ELSE (base >> CAST(128 - size AS UHUGEINT)) = (ip >> CAST(128 - size AS UHUGEINT)) END;
-- Trino refuses bits beyond the prefix of an IPv4 block, and takes them in IPv6.
CREATE MACRO block_base(base, size, cidr, spot) AS CASE WHEN strpos(cidr, ':') = 0 AND size < 128 AND (base & ((CAST(1 AS UHUGEINT) << CAST(128 - size AS UHUGEINT)) - CAST(1 AS UHUGEINT))) <> CAST(0 AS UHUGEINT) THEN CAST(fail('Invalid CIDR: ' || cidr, spot) AS UHUGEINT) ELSE base END;
CREATE MACRO cidr_contains(cidr, ip, spot) AS in_prefix(block_base(ip_number(split_part(cidr, '/', 1), spot), prefix_size(cidr, spot), cidr, spot), prefix_size(cidr, spot), ip);

-- Texts -----------------------------------------------------------------------------------------------------------
-- What trim takes: Java's white space, where DuckDB knows the space alone.
CREATE MACRO blanks() AS E' \t\n\x0B\f\r\x1C\x1D\x1E\x1F' || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8287) || chr(12288);
CREATE MACRO text_part(x, delimiter, n, spot) AS CASE WHEN n < 1 THEN CAST(fail('split_part counts from 1.', spot) AS VARCHAR) WHEN n <= len(string_split(x, delimiter)) THEN string_split(x, delimiter)[n] END;
CREATE MACRO text_from(x, n) AS CASE WHEN n > 0 THEN substr(x, least(n, 4294967295)) WHEN n = 0 OR -n > length(x) THEN CASE WHEN x IS NOT NULL THEN '' END ELSE right(x, -n) END;
CREATE MACRO text_range(x, n, size) AS CASE WHEN size <= 0 THEN CASE WHEN x IS NOT NULL AND n IS NOT NULL THEN '' END ELSE left(text_from(x, n), least(size, 4294967295)) END;
CREATE MACRO occurrence(x, part, n, spot) AS CASE WHEN n = 0 THEN fail('strpos counts occurrences from 1, or from the end with negative numbers.', spot) WHEN x IS NULL OR part IS NULL OR n IS NULL THEN NULL WHEN part = '' THEN 1 ELSE coalesce(list_filter(range(1, length(x) - length(part) + 2), lambda i: substr(x, i, length(part)) = part)[n], 0) END;
CREATE MACRO padded(x, n, fill, spot) AS CASE WHEN fill = '' OR n < 0 THEN CAST(fail('Padding must not be empty, nor the size negative.', spot) AS VARCHAR) ELSE x END;
CREATE MACRO letters_mapped(x, source, target) AS array_to_string(list_transform(string_split(x, ''), lambda c: CASE WHEN strpos(source, c) = 0 THEN c ELSE substr(target, strpos(source, c), 1) END), '');
CREATE MACRO text_replaced(x, find, with_) AS CASE WHEN find = '' THEN with_ || CASE WHEN x = '' THEN '' ELSE array_to_string(list_transform(string_split(x, ''), lambda c: c || with_), '') END ELSE replace(x, find, with_) END;
CREATE MACRO letter_code(x, spot) AS CASE WHEN length(x) = 1 THEN unicode(x) WHEN x IS NOT NULL THEN CAST(fail('codepoint takes one letter.', spot) AS INTEGER) END;
CREATE MACRO ascii_alias(x, letters) AS array_to_string(list_transform(string_split(x, ''), lambda c: chr(CAST(list_position(letters, c) AS INTEGER))), '');
CREATE MACRO edits_of(x, y, letters, spot) AS CASE WHEN len(letters) < 128 THEN levenshtein(ascii_alias(x, letters), ascii_alias(y, letters)) ELSE fail('levenshtein_distance of so many different letters is not available locally.', spot) END;
-- DuckDB counts bytes: letters beyond ASCII are renamed first, which keeps their number and which of them are equal.
CREATE MACRO edits(x, y, spot) AS CASE WHEN strlen(x) = length(x) AND strlen(y) = length(y) THEN levenshtein(x, y) WHEN x = '' OR y = '' THEN length(x || y) WHEN x IS NOT NULL AND y IS NOT NULL THEN edits_of(x, y, list_distinct(string_split(x || y, '')), spot) END;
CREATE MACRO splitter(delimiter, spot) AS CASE WHEN delimiter = '' THEN CAST(fail('The delimiter must not be empty.', spot) AS VARCHAR) ELSE delimiter END;
CREATE MACRO limited_split(x, delimiter, n, spot) AS CASE WHEN n NOT BETWEEN 1 AND 2147483647 THEN [CAST(fail('The limit is a positive integer.', spot) AS VARCHAR)] WHEN len(string_split(x, delimiter)) <= n THEN string_split(x, delimiter) ELSE list_append(string_split(x, delimiter)[1:n - 1], array_to_string(string_split(x, delimiter)[n:], delimiter)) END;
CREATE MACRO url_decoded(x) AS url_decode(replace(x, '+', ' '));
-- DuckDB leaves what is no escape as it is; bytes that are no UTF-8 fail without a place.
CREATE MACRO url_decoded_soundly(x, spot) AS CASE WHEN regexp_matches(x, '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)') THEN CAST(fail('Each % of url_decode stands before two hexadecimal digits: ' || x, spot) AS VARCHAR) WHEN x IS NOT NULL THEN coalesce(list_transform([x], lambda t: TRY(url_decoded(t)))[1], CAST(fail('url_decode of bytes that are no UTF-8 is not available locally.', spot) AS VARCHAR)) END;
CREATE MACRO text_of_bytes(x, spot) AS CASE WHEN x IS NOT NULL THEN coalesce(list_transform([x], lambda b: TRY(decode(b)))[1], CAST(fail('from_utf8 of bytes that are no UTF-8 is not available locally.', spot) AS VARCHAR)) END;
-- Java's sharp s has no capital.
CREATE MACRO one_letter(x, spot) AS CASE WHEN length(x) > 1 THEN CAST(fail('The replacement is one letter, or none.', spot) AS VARCHAR) ELSE x END;
CREATE MACRO upper_text(x) AS CASE WHEN contains(x, 'ß') THEN array_to_string(list_transform(string_split(x, 'ß'), lambda p: upper(p)), 'ß') ELSE upper(x) END;
-- format_number: three digits and a unit.
CREATE MACRO number_unit(x) AS CASE WHEN abs(x) >= 1e15 THEN 5 WHEN abs(x) >= 1e12 THEN 4 WHEN abs(x) >= 1e9 THEN 3 WHEN abs(x) >= 1e6 THEN 2 WHEN abs(x) >= 1e3 THEN 1 ELSE 0 END;
CREATE MACRO number_scaled(x) AS CAST(x AS DECIMAL(19, 0)) * CAST(CASE number_unit(x) WHEN 5 THEN 1e-15 WHEN 4 THEN 1e-12 WHEN 3 THEN 1e-9 WHEN 2 THEN 1e-6 WHEN 1 THEN 1e-3 ELSE 1 END AS DECIMAL(16, 15));
CREATE MACRO number_shortened(x) AS CASE WHEN number_scaled(x) < 10 THEN rtrim(rtrim(CAST(CAST(number_scaled(x) AS DECIMAL(38, 2)) AS VARCHAR), '0'), '.') WHEN number_scaled(x) < 100 THEN rtrim(rtrim(CAST(CAST(number_scaled(x) AS DECIMAL(38, 1)) AS VARCHAR), '0'), '.') ELSE CAST(CAST(number_scaled(x) AS DECIMAL(38, 0)) AS VARCHAR) END || CASE number_unit(x) WHEN 0 THEN '' ELSE substr('KMBTQ', number_unit(x), 1) END;
-- parse_data_size, by powers of 1024.
CREATE MACRO size_unit(x) AS list_position(['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'], x) - 1;
CREATE MACRO size_in_bytes(x, spot) AS CASE WHEN regexp_full_match(x, '([0-9]+\.?[0-9]*|\.[0-9]+)([kMGTPE]?B)') THEN CAST(trunc(CAST(regexp_extract(x, '[0-9.]+') AS DECIMAL(38, 9)) * (CAST(1 AS HUGEINT) << (10 * size_unit(regexp_extract(x, '[A-Za-z]+'))))) AS DECIMAL(38, 0)) WHEN x IS NOT NULL THEN CAST(fail('Invalid data size: ' || x, spot) AS DECIMAL(38, 0)) END;
CREATE MACRO url_encoded(x) AS replace(replace(replace(url_encode(x), '%20', '+'), '%2A', '*'), '~', '%7E');
CREATE MACRO nothing_if_empty(x) AS CASE WHEN x <> '' THEN x END;
CREATE MACRO url_sound(x) AS CASE WHEN NOT regexp_matches(x, '[\s<>"{}|\\^`]|%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)') THEN x END;
CREATE MACRO url_port(x) AS CAST(TRY_CAST(nothing_if_empty(regexp_extract(x, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*:([0-9]+)(?:[/?#]|$)', 1)) AS INTEGER) AS BIGINT);
CREATE MACRO url_argument(x, name) AS CAST((list_filter(list_transform(string_split(regexp_extract(x, '\?([^#]*)', 1), '&'), lambda p: {'name': split_part(p, '=', 1), 'value': url_decoded(CASE WHEN strpos(p, '=') > 0 THEN substr(p, strpos(p, '=') + 1) ELSE '' END)}), lambda p: p.name = name)[1]).value AS VARCHAR);
CREATE MACRO hamming(x, y, spot) AS CASE WHEN length(x) = length(y) THEN CAST(len(list_filter(range(1, length(x) + 1), lambda i: x[i] <> y[i])) AS BIGINT) WHEN x IS NOT NULL AND y IS NOT NULL THEN fail('hamming_distance takes texts of equal length.', spot) END;
CREATE MACRO luhn(x, spot) AS CASE WHEN x = '' THEN false WHEN regexp_full_match(x, '[0-9]+') THEN list_sum(list_transform(range(1, length(x) + 1), lambda i: CASE WHEN i % 2 = 1 THEN CAST(reverse(x)[i] AS INTEGER) ELSE (CAST(reverse(x)[i] AS INTEGER) * 2) // 10 + (CAST(reverse(x)[i] AS INTEGER) * 2) % 10 END)) % 10 = 0 WHEN x IS NOT NULL THEN CAST(fail('luhn_check takes digits.', spot) AS BOOLEAN) END;
-- Equal delimiters would split nothing.
CREATE MACRO other_delimiter(entry, pair, spot) AS CASE WHEN entry = pair THEN CAST(fail('The two delimiters differ.', spot) AS VARCHAR) ELSE pair END;
CREATE MACRO pair_value(e, pair, spot) AS CASE WHEN len(string_split(e, pair)) = 2 THEN split_part(e, pair, 2) ELSE CAST(fail('Each entry needs its delimiter exactly once: ' || e, spot) AS VARCHAR) END;
CREATE MACRO entries_of(x, entry) AS CASE WHEN x = '' OR ends_with(x, entry) THEN string_split(x, entry)[1:-2] ELSE string_split(x, entry) END;
CREATE MACRO pairs_map(x, entry, pair, spot) AS map_from_entries(list_transform(entries_of(x, entry), lambda e: {'key': split_part(e, pair, 1), 'value': pair_value(e, pair, spot)}));

-- Regular expressions ---------------------------------------------------------------------------------------------
CREATE MACRO matched(x, pattern, part) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, part) END;
-- Java and RE2 differ in where a line or a word ends; patterns that are computed are looked at while running.
CREATE MACRO text_without_feed(x, spot) AS CASE WHEN ends_with(x, chr(10)) THEN CAST(fail('A $ before a last line feed is not available locally; \z means the end.', spot) AS VARCHAR) ELSE x END;
CREATE MACRO text_in_ascii(x, spot) AS CASE WHEN strlen(x) <> length(x) THEN CAST(fail('\b knows letters of ASCII only, locally.', spot) AS VARCHAR) ELSE x END;
CREATE MACRO text_for_pattern(x, pattern, spot) AS CASE WHEN contains(pattern, '$') AND ends_with(x, chr(10)) THEN text_without_feed(x, spot) WHEN regexp_matches(pattern, '\\[bB]') THEN text_in_ascii(x, spot) ELSE x END;
-- Where a match is empty, Java and RE2 go on at different places.
CREATE MACRO without_empty(x, pattern, spot) AS CASE WHEN list_contains(regexp_extract_all(x, pattern), '') THEN CAST(fail('A pattern that matches an empty text is not available locally here.', spot) AS VARCHAR) ELSE x END;
CREATE MACRO alike_empty(x, pattern, spot) AS CASE WHEN list_contains(regexp_extract_all(x, pattern), '') AND len(list_filter(regexp_extract_all(x, pattern), lambda m: m <> '')) > 0 THEN CAST(fail('A pattern that matches both an empty text and others is not available locally here.', spot) AS VARCHAR) ELSE x END;
CREATE MACRO group_known(part, spot) AS CASE WHEN part = '' THEN CAST(fail('Whether this group is empty or took no part in the match cannot be told locally.', spot) AS VARCHAR) ELSE part END;
-- What stands before the first match from a place on: found by a pattern that takes it in.
CREATE MACRO before_match(x, pattern, start, spot) AS regexp_extract(x, '^((?s:.{' || CASE WHEN start > 1000 THEN fail('A search from beyond the thousandth letter is not available locally.', spot) ELSE start - 1 END || '}.*?))(?:' || pattern || ')', 1);
CREATE MACRO match_found(x, pattern, start) AS regexp_matches(x, '^(?s:.{' || least(start - 1, 1000) || '}.*?)(?:' || pattern || ')');
CREATE MACRO match_place(x, pattern, spot) AS CASE WHEN x = '' THEN CASE WHEN pattern IS NOT NULL THEN -1 END WHEN regexp_matches(x, pattern) THEN length(before_match(x, pattern, 1, spot)) + 1 WHEN x IS NOT NULL AND pattern IS NOT NULL THEN -1 END;
CREATE MACRO later_place(x, pattern, nth) AS CASE WHEN len(regexp_extract_all(x, pattern)) < nth THEN -1 ELSE 1 + length(array_to_string(string_split_regex(x, pattern)[1:nth], '')) + length(array_to_string(regexp_extract_all(x, pattern)[1:nth - 1], '')) END;
CREATE MACRO later_place_from(x, pattern, start, nth) AS CASE WHEN later_place(substr(x, start), pattern, nth) > 0 THEN start - 1 + later_place(substr(x, start), pattern, nth) ELSE -1 END;
CREATE MACRO anchorless(pattern, start, spot) AS CASE WHEN start > 1 AND regexp_matches(replace(pattern, '[^', ''), '\^|\\[bBA]') THEN CAST(fail('A later match of a pattern with ^ or \b is not available locally from a start.', spot) AS VARCHAR) ELSE pattern END;
CREATE MACRO match_place_from(x, pattern, start, nth, spot) AS CASE WHEN start < 1 OR nth < 1 THEN fail('Positions and occurrences count from 1.', spot) WHEN x IS NULL OR pattern IS NULL OR start IS NULL OR nth IS NULL THEN NULL WHEN start > length(x) THEN -1 WHEN nth > 1 THEN later_place_from(without_empty(x, pattern, spot), anchorless(pattern, start, spot), start, nth) WHEN match_found(x, pattern, start) THEN length(before_match(x, pattern, start, spot)) + 1 ELSE -1 END;
-- Java's replacements in RE2's words: \c is the letter c, $1 a group.
CREATE MACRO replacement_piece(t, spot) AS CASE WHEN t = '\' OR t = '$' OR starts_with(t, '${') THEN CAST(fail('In a replacement, $1 to $9 stand for groups and a backslash before a letter for that letter; locally there are no others.', spot) AS VARCHAR) WHEN t = '\\' THEN t WHEN starts_with(t, '\') THEN substr(t, 2) WHEN starts_with(t, '$') THEN '\' || substr(t, 2) ELSE t END;
CREATE MACRO replacement_read(r, spot) AS array_to_string(list_transform(regexp_extract_all(r, '(?s)\\.|\$[0-9]|\$\{\w+\}|[^\\$]+|.'), lambda t: replacement_piece(t, spot)), '');

-- Arrays and maps -------------------------------------------------------------------------------------------------
CREATE MACRO array_at(x, i, spot) AS list_extract(x, CASE WHEN i BETWEEN 1 AND len(x) THEN i WHEN x IS NULL OR i IS NULL THEN NULL ELSE fail('Array subscript ' || i || ' is out of bounds: there are ' || len(x) || ' elements.', spot) END);
CREATE MACRO array_element(x, i, spot) AS list_extract(x, CASE WHEN i = 0 THEN fail('Arrays count from 1.', spot) ELSE i END);
CREATE MACRO map_place(x, k) AS coalesce(list_position(map_keys(x), k), 0);
CREATE MACRO map_at(x, k, spot) AS list_extract(map_values(x), CASE WHEN map_place(x, k) > 0 THEN map_place(x, k) WHEN x IS NULL OR k IS NULL THEN NULL ELSE fail('The key is not in the map.', spot) END);
CREATE MACRO map_element(x, k) AS list_extract(map_values(x), map_place(x, k));
CREATE MACRO joined(x, delimiter) AS CASE WHEN delimiter IS NOT NULL THEN array_to_string(list_filter(x, lambda e: e IS NOT NULL), delimiter) END;
-- Equality where NULL elements make it unknown; maps compare without order.
CREATE MACRO arrays_equal(x, y, same) AS CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN len(x) <> len(y) THEN false ELSE all_true(same) END;
CREATE MACRO maps_equal(x, y, same) AS CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN len(map_keys(x)) <> len(map_keys(y)) OR len(list_filter(map_keys(x), lambda k: NOT list_contains(map_keys(y), k))) > 0 THEN false ELSE all_true(same) END;
CREATE MACRO distinct_in_order(x) AS list_filter(x, lambda e, i: CASE WHEN e IS NULL THEN len(list_filter(x[1:i - 1], lambda o: o IS NULL)) = 0 ELSE list_position(x, e) = i END);
CREATE MACRO has_null(x) AS len(list_filter(x, lambda e: e IS NULL)) > 0;
-- array_to_string leaves NULL out.
CREATE MACRO pieces_joined(x) AS CASE WHEN NOT has_null(x) THEN array_to_string(x, '') END;
CREATE MACRO extreme(x, value) AS CASE WHEN NOT has_null(x) THEN value END;
CREATE MACRO contained(x, e) AS CASE WHEN list_contains(x, e) THEN true WHEN x IS NULL OR e IS NULL OR has_null(x) THEN NULL ELSE false END;
CREATE MACRO overlapping(x, y) AS CASE WHEN len(list_filter(x, lambda e: list_contains(y, e))) > 0 THEN true WHEN x IS NULL OR y IS NULL THEN NULL WHEN len(x) = 0 OR len(y) = 0 THEN false WHEN has_null(x) OR has_null(y) THEN NULL ELSE false END;
-- Searches where an element may be unknown: the states say 1 equal, 0 different, 2 unknown.
CREATE MACRO state_known(state, spot) AS CASE WHEN state = 2 THEN fail('An element that holds NULL cannot be compared.', spot) ELSE state END;
CREATE MACRO state_contained(x, e, states, spot) AS CASE WHEN x IS NULL OR e IS NULL THEN NULL WHEN state_known(list_filter(states, lambda s: s > 0)[1], spot) = 1 THEN true WHEN has_null(x) THEN NULL ELSE false END;
CREATE MACRO state_place(x, e, states, spot) AS CASE WHEN x IS NOT NULL AND e IS NOT NULL THEN CAST(CASE WHEN state_known(list_filter(states, lambda s: s > 0)[1], spot) = 1 THEN list_position(states, 1) ELSE 0 END AS BIGINT) END;
CREATE MACRO state_remaining(x, e, states, spot) AS CASE WHEN e IS NOT NULL THEN list_filter(x, lambda i, n: state_known(states[n], spot) = 0) END;
CREATE MACRO array_remaining(x, e) AS CASE WHEN e IS NOT NULL THEN list_filter(x, lambda i: i IS DISTINCT FROM e) END;
CREATE MACRO sorted_soundly(x, orders, spot) AS CASE WHEN list_contains(orders, 2) THEN list_filter(x, lambda e: fail('Rows or arrays that are equal up to a NULL have no order.', spot) = 0) ELSE x END;
CREATE MACRO comparator_result(n, spot) AS CASE WHEN n IN (-1, 0, 1) THEN n ELSE fail('The comparator of array_sort gives -1, 0 or 1.', spot) END;
CREATE MACRO known_order(n, spot) AS CASE WHEN n = 2 THEN fail('Rows or arrays that are equal up to a NULL have no order.', spot) ELSE n END;
CREATE MACRO no_nan(x, spot) AS CASE WHEN isnan(x) THEN CAST(fail('NaN in a comparison with ALL or ANY is not available locally.', spot) AS DOUBLE) ELSE x END;
CREATE MACRO most_kept(n, spot) AS CASE WHEN n BETWEEN 1 AND 10000 THEN n WHEN n IS NULL THEN NULL ELSE fail('max, min, max_by and min_by keep 1 to 10000 values.', spot) END;
CREATE MACRO in_list(x, e) AS CASE WHEN e IS NULL THEN has_null(x) ELSE list_contains(x, e) END;
CREATE MACRO sliced(x, start, size, spot) AS CASE WHEN size < 0 THEN x[CASE WHEN x IS NOT NULL THEN fail('A length is not negative.', spot) END:1] WHEN start = 0 THEN x[CASE WHEN x IS NOT NULL THEN fail('Arrays count from 1.', spot) END:1] WHEN start > 0 THEN x[start:start + size - 1] WHEN -start > len(x) THEN x[1:0] ELSE x[len(x) + start + 1:len(x) + start + size] END;
-- Arrays cut, chosen from and searched with Trino's errors; NaN is no maximum.
CREATE MACRO array_trimmed(x, n, spot) AS x[1:len(x) - CASE WHEN n BETWEEN 0 AND len(x) THEN n WHEN n IS NOT NULL AND x IS NOT NULL THEN fail('There are ' || len(x) || ' elements, ' || n || ' cannot be taken away.', spot) END];
CREATE MACRO greatest_double(x) AS coalesce(list_max(list_filter(x, lambda e: NOT isnan(e))), list_max(x));
CREATE MACRO chosen_of(x, n, spot) AS list_transform(list_filter(range(0, CASE WHEN n BETWEEN 0 AND 5 AND len(x) <= 16 THEN CAST(1 AS BIGINT) << CAST(len(x) AS BIGINT) WHEN x IS NOT NULL AND n IS NOT NULL THEN fail('combinations takes 0 to 5 of, locally, at most 16 elements.', spot) END), lambda m: bit_count(m) = n), lambda m: list_filter(x, lambda e, i: (m >> (i - 1)) % 2 = 1));
CREATE MACRO any_true(x) AS CASE WHEN list_contains(x, true) THEN true WHEN x IS NULL OR has_null(x) THEN NULL ELSE false END;
CREATE MACRO all_true(x) AS CASE WHEN list_contains(x, false) THEN false WHEN x IS NULL OR has_null(x) THEN NULL ELSE true END;
CREATE MACRO filled(e, n, spot) AS CASE WHEN n BETWEEN 0 AND 10000 THEN list_transform(range(0, n), lambda i: e) WHEN n IS NOT NULL THEN list_transform(range(0, fail('repeat counts from 0 to 10000.', spot)), lambda i: e) END;
CREATE MACRO unique_pairs(x) AS CASE WHEN len(list_distinct(list_transform(x, lambda e: e.key))) = len(x) THEN x ELSE list_filter(x, lambda e, i: list_position(list_transform(x, lambda o: o.key), e.key) = i) END;
-- The list is named by a lambda's parameter: an aggregate whose arguments hold lambdas cannot be captured by one.
CREATE MACRO any_pairs(x) AS list_transform([list_filter(x, lambda e: e.key IS NOT NULL)], lambda l: CASE WHEN len(l) > 0 THEN l END)[1];
CREATE MACRO pairs_collected(x) AS list_transform([list_filter(x, lambda e: e.key IS NOT NULL)], lambda l: map_from_entries(unique_pairs(l)))[1];
CREATE MACRO grouped_pairs(x) AS list_transform([x], lambda l: map_from_entries(list_transform(distinct_in_order(list_transform(l, lambda e: e.key)), lambda key: {'key': key, 'value': list_transform(list_filter(l, lambda e: e.key = key), lambda e: e.value)})))[1];
-- cosine_similarity of sparse vectors.
CREATE MACRO maps_product(x, y) AS list_sum(list_transform(map_keys(x), lambda k: map_element(x, k) * coalesce(map_element(y, k), 0)));
CREATE MACRO maps_cosine(x, y) AS CASE WHEN NOT has_null(map_values(x)) AND NOT has_null(map_values(y)) THEN maps_product(x, y) / (sqrt(maps_product(x, x)) * sqrt(maps_product(y, y))) END;
CREATE MACRO map_joined(x, y) AS map_from_entries(list_concat(list_filter(list_transform(range(1, len(map_keys(x)) + 1), lambda i: {'key': map_keys(x)[i], 'value': map_values(x)[i]}), lambda e: NOT list_contains(map_keys(y), e.key)), list_transform(range(1, len(map_keys(y)) + 1), lambda i: {'key': map_keys(y)[i], 'value': map_values(y)[i]})));

-- Times -----------------------------------------------------------------------------------------------------------
CREATE MACRO seconds_text(n, word) AS CASE WHEN n = 0 THEN NULL ELSE n || ' ' || word || CASE WHEN n = 1 THEN '' ELSE 's' END END;
CREATE MACRO readable_seconds(x) AS CASE WHEN x IS NULL THEN NULL WHEN round(x) = 0 THEN '0 seconds' ELSE concat_ws(', ', seconds_text(CAST(round(abs(x)) AS BIGINT) // 604800, 'week'), seconds_text(CAST(round(abs(x)) AS BIGINT) // 86400 % 7, 'day'), seconds_text(CAST(round(abs(x)) AS BIGINT) // 3600 % 24, 'hour'), seconds_text(CAST(round(abs(x)) AS BIGINT) // 60 % 60, 'minute'), seconds_text(CAST(round(abs(x)) AS BIGINT) % 60, 'second')) END;
CREATE MACRO duration_milliseconds(x, spot) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '\s*[0-9]+(\.[0-9]+)?\s*(ns|us|ms|s|m|h|d)\s*') THEN CAST(round(CAST(regexp_extract(x, '[0-9.]+') AS DOUBLE) * CASE regexp_extract(x, '[a-z]+') WHEN 'ns' THEN 1e-6 WHEN 'us' THEN 1e-3 WHEN 'ms' THEN 1 WHEN 's' THEN 1e3 WHEN 'm' THEN 6e4 WHEN 'h' THEN 3.6e6 ELSE 8.64e7 END) AS BIGINT) ELSE fail('Not a duration: ' || x, spot) END;
CREATE MACRO two_digit_year(x, earliest) AS CASE WHEN year(x) < earliest THEN x + to_years(100) WHEN year(x) >= earliest + 100 THEN x - to_years(100) ELSE x END;
CREATE MACRO text_shaped(x, shape, format, spot) AS CASE WHEN regexp_full_match(x, shape) THEN x WHEN x IS NOT NULL THEN CAST(fail('''' || x || ''' does not match the format ''' || format || '''.', spot) AS VARCHAR) END;
CREATE MACRO on_weekday(x, source, spot) AS CASE WHEN contains(lower(source), lower(strftime(x, '%a'))) THEN x WHEN x IS NOT NULL THEN make_timestamp(fail('The weekday is not that of the date, which is not available locally: Athena takes the weekday.', spot)) END;
-- strptime without AM or PM takes 12 as noon.
CREATE MACRO hour_of_half_day(x) AS CASE WHEN hour(x) = 12 THEN x - to_hours(12) ELSE x END;
-- Python's dates, by which results are printed, end with the year 9999.
CREATE MACRO shown_seconds(x, spot) AS CASE WHEN x >= 253402300800 OR x < -62135596800 THEN fail('These seconds lie beyond the year 9999, which is not available locally; milliseconds are to be divided by 1000.', spot) ELSE x END;
CREATE MACRO from_whole_seconds(x, spot) AS make_timestamp(shown_seconds(x, spot) * 1000000);
CREATE MACRO from_seconds(x, spot) AS make_timestamp(CAST(round(shown_seconds(x, spot) * 1000) AS BIGINT) * 1000);
-- Trino rounds the difference of two moments to milliseconds; date_diff drops what is finer, where epoch_ms rounds.
CREATE MACRO rounded_milliseconds(us) AS (us + 500 - (((us + 500) % 1000) + 1000) % 1000) // 1000;
CREATE MACRO milliseconds_of(x) AS (epoch_us(x) - ((epoch_us(x) % 1000) + 1000) % 1000) // 1000;
CREATE MACRO months_forward(a, b) AS datediff('month', a, b) - CASE WHEN a + to_months(CAST(datediff('month', a, b) AS INTEGER)) > b THEN 1 ELSE 0 END;
CREATE MACRO complete_months(a, b) AS CASE WHEN b >= a THEN months_forward(a, b) ELSE -months_forward(b, a) END;
CREATE MACRO iso_date(x, spot) AS CAST(CASE WHEN regexp_full_match(x, '[0-9]{4}-W[0-9]{2}(-[1-7])?') THEN strftime(strptime(CASE WHEN length(x) = 8 THEN x || '-1' ELSE x END, '%G-W%V-%u'), '%Y-%m-%d') WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{3}') THEN strftime(strptime(x, '%Y-%j'), '%Y-%m-%d') WHEN regexp_full_match(x, '[0-9]{4}') THEN x || '-01-01' WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}') THEN x || '-01' ELSE date_text(x, 'date', spot) END AS DATE);
CREATE MACRO iso_moment(x, spot) AS timezone('UTC', CAST(CASE WHEN regexp_full_match(x, '[0-9]{4}(-[0-9]{2,3}|-W[0-9]{2}(-[1-7])?)?') THEN strftime(iso_date(x, spot), '%Y-%m-%d 00:00:00+00') WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?') THEN CASE WHEN strpos(x, 'T') = 0 THEN x || ' 00:00:00+00' WHEN strpos(x, 'T24') > 0 THEN cannot_cast(x, 'timestamp with time zone', spot) WHEN regexp_matches(x, 'T[0-9:.,]*(Z|[+-].*)$') THEN iso_clock(regexp_extract(x, '^[0-9T:.,-]{10}T[0-9:.,]*')) || regexp_extract(x, '(Z|[+-][0-9:]*)$') ELSE iso_clock(x) || '+00' END ELSE cannot_cast(x, 'timestamp with time zone', spot) END AS TIMESTAMPTZ));
CREATE MACRO iso_clock(x) AS left(x, 10) || ' ' || CASE length(x) WHEN 11 THEN '00:00:00' WHEN 13 THEN substr(x, 12) || ':00:00' WHEN 16 THEN substr(x, 12) || ':00' ELSE replace(substr(x, 12), ',', '.') END;
CREATE MACRO two_digits(n) AS lpad(CAST(n AS VARCHAR), 2, '0');
CREATE MACRO zone_text(minutes) AS CASE WHEN minutes < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0');

-- Java's format ---------------------------------------------------------------------------------------------------
-- Java leaves zero seconds out and shows fractions in threes.
CREATE MACRO java_seconds(x) AS CASE WHEN epoch_us(x) % 1000000 <> 0 THEN ':' || strftime(x, CASE WHEN epoch_us(x) % 1000 <> 0 THEN '%S.%f' ELSE '%S.%g' END) WHEN second(x) <> 0 THEN strftime(x, ':%S') ELSE '' END;
CREATE MACRO java_moment(x) AS strftime(x, '%Y-%m-%dT%H:%M') || java_seconds(x);
CREATE MACRO java_time(x) AS strftime(DATE '2000-01-01' + x, '%H:%M') || java_seconds(DATE '2000-01-01' + x);
CREATE MACRO whole_grouped(x) AS reverse(regexp_replace(regexp_replace(reverse(x), '(\d{3})', '\1,', 'g'), ',$', ''));
CREATE MACRO grouped_digits(x) AS CASE WHEN x LIKE '-%' THEN '-' ELSE '' END || whole_grouped(split_part(ltrim(x, '-'), '.', 1)) || CASE WHEN strpos(x, '.') > 0 THEN '.' || split_part(x, '.', 2) ELSE '' END;
CREATE MACRO fixed_text(x, fixed, plain) AS CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN abs(x) < 1e15 THEN CAST(fixed AS VARCHAR) ELSE plain END;
CREATE MACRO signed_text(x) AS CASE WHEN starts_with(x, '-') THEN '' ELSE '+' END || x;
CREATE MACRO text_padded_left(x, n) AS CASE WHEN length(x) >= n THEN x ELSE lpad(x, n, ' ') END;
CREATE MACRO text_padded_right(x, n) AS CASE WHEN length(x) >= n THEN x ELSE rpad(x, n, ' ') END;
CREATE MACRO number_padded(x, n) AS CASE WHEN length(x) >= n THEN x WHEN left(x, 1) IN ('-', '+') THEN left(x, 1) || lpad(substr(x, 2), n - 1, '0') ELSE lpad(x, n, '0') END;

-- What the table names and fits no section above ----------------------------------------------------------------
CREATE MACRO acos_or_nan(x) AS CASE WHEN abs(x) <= 1 THEN acos(x) WHEN x IS NOT NULL THEN CAST('NaN' AS DOUBLE) END;
CREATE MACRO asin_or_nan(x) AS CASE WHEN abs(x) <= 1 THEN asin(x) WHEN x IS NOT NULL THEN CAST('NaN' AS DOUBLE) END;
CREATE MACRO ln_or_nan(x) AS CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN x < 0 THEN CAST('NaN' AS DOUBLE) END;
-- Java has no logarithm of base 2: the last digit follows the quotient.
CREATE MACRO log2_or_nan(x) AS ln_or_nan(x) / ln(CAST(2 AS DOUBLE));
CREATE MACRO log10_or_nan(x) AS CASE WHEN x > 0 THEN log10(x) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN x < 0 THEN CAST('NaN' AS DOUBLE) END;
CREATE MACRO log_of_base(b, x) AS ln_or_nan(x) / ln_or_nan(b);
CREATE MACRO sqrt_or_nan(x) AS CASE WHEN x >= 0 THEN sqrt(x) WHEN x < 0 THEN CAST('NaN' AS DOUBLE) END;
-- Java, and so Athena, finds no host where the name has an underscore.
CREATE MACRO url_host_text(h) AS CASE WHEN contains(h, '_') THEN NULL ELSE h END;
CREATE MACRO url_host(x) AS url_host_text(regexp_extract(url_sound(x), '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:]*)', 1));
CREATE MACRO url_path(x) AS url_decode(regexp_extract(url_sound(x), '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1));
CREATE MACRO url_protocol(x) AS regexp_extract(url_sound(x), '^([A-Za-z][A-Za-z0-9+.-]*):', 1);
CREATE MACRO url_query(x) AS url_decode(regexp_extract(url_sound(x), '^[^#?]*\?([^#]*)', 1));
CREATE MACRO url_fragment(x) AS url_decode(regexp_extract(url_sound(x), '#(.*)$', 1));
CREATE MACRO counted_among(x, keys) AS map(keys, list_transform(keys, lambda key: len(list_filter(x, lambda e: e = key))));
CREATE MACRO counted(x) AS counted_among(x, distinct_in_order(list_filter(x, lambda e: e IS NOT NULL)));
CREATE MACRO array_place(x, e) AS CASE WHEN x IS NOT NULL AND e IS NOT NULL THEN CAST(coalesce(list_position(x, e), 0) AS BIGINT) END;
CREATE MACRO contains_run(x, y) AS len(list_filter(range(1, len(x) - len(y) + 2), lambda i: x[i:i + len(y) - 1] = y)) > 0;
CREATE MACRO runs_of(x, n) AS list_transform(range(1, greatest(len(x) - n + 1, 1) + 1), lambda i: x[i:i + n - 1]);
CREATE MACRO array_without(x, y) AS CASE WHEN y IS NOT NULL THEN distinct_in_order(list_filter(x, lambda e: NOT in_list(y, e))) END;
CREATE MACRO array_within(x, y) AS CASE WHEN y IS NOT NULL THEN distinct_in_order(list_filter(x, lambda e: in_list(y, e))) END;
CREATE MACRO checked_step(first, last, step, spot) AS CASE WHEN (step > 0 AND last >= first) OR (step < 0 AND last <= first) THEN step WHEN step IS NULL OR first IS NULL OR last IS NULL THEN NULL ELSE fail('A sequence''s step leads from its start to its end, and is not 0.', spot) END;
-- Trino makes no sequence of more than 10,000 entries.
CREATE MACRO sequence_step(first, last, step, spot) AS CASE WHEN (last - first) // nullif(step, 0) >= 10000 THEN fail('A sequence has 10000 entries at most.', spot) ELSE checked_step(first, last, step, spot) END;
CREATE MACRO days_between(first, last, step) AS list_transform(generate_series(first, last, step), lambda d: CAST(d AS DATE));
CREATE MACRO months_between(first, last, step, spot) AS list_transform(range(0, complete_months(first, last) // checked_step(first, last, step, spot) + 1), lambda i: first + to_months(CAST(i * step AS INTEGER)));
CREATE MACRO pairs_multimap(x, entry, pair, spot) AS grouped_pairs(list_transform(entries_of(x, entry), lambda e: {'key': split_part(e, pair, 1), 'value': pair_value(e, pair, spot)}));
-- DuckDB reads NaN, Infinity and a comma before the end as JSON.
CREATE MACRO json_outside_texts(x) AS regexp_replace(x, '"(\\.|[^"\\])*"', '', 'g');
CREATE MACRO json_strict(x) AS json_valid(x) AND NOT (regexp_matches(x, '(?i)nan|inf|,\s*[\]}]') AND regexp_matches(json_outside_texts(x), '(?i)nan|inf|,\s*[\]}]'));
-- Trino reads a JSON until it has what it was asked for: of a malformed one it may still give that.
CREATE MACRO sound_json(x, spot) AS CASE WHEN json_strict(x) THEN x WHEN regexp_matches(x, '^\s*[\[{"]') THEN CAST(fail('This JSON is malformed; what Athena still reads of it is not available locally: ' || left(x, 80), spot) AS VARCHAR) END;
-- Letters beyond 16 bits are written as two escapes.
CREATE MACRO json_letter(c) AS CASE WHEN unicode(c) > 65535 THEN printf('\u%04X\u%04X', 55296 + (unicode(c) - 65536) // 1024, 56320 + (unicode(c) - 65536) % 1024) ELSE c END;
CREATE MACRO json_written(t) AS CASE WHEN strlen(t) = length(t) OR NOT regexp_matches(t, '[\x{10000}-\x{10FFFF}]') THEN t ELSE array_to_string(list_transform(string_split(t, ''), lambda c: json_letter(c)), '') END;
CREATE MACRO json_length(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END;
CREATE MACRO number_spellings(x, value) AS list_distinct(list_filter(regexp_extract_all(x, '-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'), lambda t: CAST(t AS DOUBLE) = value));
-- Trino gives a number as it was written, 1.50; DuckDB as it reads it, 1.5. The text is searched for the one spelling.
CREATE MACRO number_as_written(x, value, spot) AS CASE WHEN len(number_spellings(x, value)) = 1 THEN number_spellings(x, value)[1] ELSE CAST(fail('The number is written in several ways in this JSON, which cannot be told apart locally.', spot) AS VARCHAR) END;
CREATE MACRO json_scalar(x, path, spot) AS CASE WHEN json_type(x, path) = 'DOUBLE' THEN number_as_written(x, CAST(json_extract_string(x, path) AS DOUBLE), spot) WHEN json_type(x, path) NOT IN ('ARRAY', 'OBJECT', 'NULL') THEN json_extract_string(x, path) END;
CREATE MACRO json_read(x, spot) AS CASE WHEN json_strict(x) THEN json_canonical(CAST(json(x) AS VARCHAR), spot) WHEN x IS NOT NULL THEN CAST(fail('Cannot convert ''' || x || ''' to JSON.', spot) AS VARCHAR) END;
CREATE MACRO json_canonical(t, spot) AS CASE WHEN regexp_matches(t, '[0-9][eE]') AND regexp_matches(json_outside_texts(t), '[0-9][eE]') THEN CAST(fail('json_parse of very large or small numbers is not available locally.', spot) AS VARCHAR) ELSE json_written(t) END;
-- json_array_contains, by the kind of the elements.
CREATE MACRO json_items(x, kinds) AS list_transform(list_filter(CAST(json_extract(x, '$[*]') AS JSON[]), lambda j: list_contains(kinds, json_type(j))), lambda j: json_extract_string(j, '$'));
CREATE MACRO json_contains_text(x, e) AS CASE WHEN json_type(x) = 'ARRAY' AND e IS NOT NULL THEN list_contains(json_items(x, ['VARCHAR']), e) END;
CREATE MACRO json_contains_double(x, e) AS CASE WHEN json_type(x) = 'ARRAY' AND e IS NOT NULL THEN list_contains(list_transform(json_items(x, ['DOUBLE']), lambda t: CAST(t AS DOUBLE)), e) END;
CREATE MACRO json_contains_truth(x, e) AS CASE WHEN json_type(x) = 'ARRAY' AND e IS NOT NULL THEN list_contains(json_items(x, ['BOOLEAN']), CAST(e AS VARCHAR)) END;
CREATE MACRO json_contains_number(x, e) AS CASE WHEN json_type(x) = 'ARRAY' AND e IS NOT NULL THEN list_contains(list_transform(json_items(x, ['BIGINT', 'UBIGINT']), lambda t: CAST(t AS BIGINT)), e) END;
CREATE MACRO json_element_text(j, whole, spot) AS CASE json_type(j) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN json_extract_string(j, '$') WHEN 'DOUBLE' THEN number_as_written(whole, CAST(json_extract_string(j, '$') AS DOUBLE), spot) ELSE json_written(CAST(j AS VARCHAR)) END;
-- A text loses its quotes and a null is NULL: Trino documents the first as a flaw it keeps.
CREATE MACRO json_element(x, i, spot) AS CASE WHEN json_type(x) = 'ARRAY' THEN json_element_text(json_extract(x, '$[' || CASE WHEN i < 0 THEN '#' ELSE '' END || i || ']'), x, spot) END;
CREATE MACRO json_is_scalar(x) AS json_type(x) NOT IN ('ARRAY', 'OBJECT');
CREATE MACRO digest_of(x) AS from_hex(lpad(to_hex(CAST(x AS BIGINT)), 16, '0'));
-- DuckDB takes an odd number of digits.
CREATE MACRO even_digits(x, spot) AS CASE WHEN regexp_full_match(x, '([0-9A-Fa-f]{2})*') THEN x WHEN x IS NOT NULL THEN CAST(fail('from_hex takes pairs of hexadecimal digits.', spot) AS VARCHAR) END;
-- DuckDB's texts functions take no BLOB: bytes are handled as their digits.
CREATE MACRO bytes_reversed(x) AS from_hex(array_to_string(list_reverse(regexp_extract_all(hex(x), '..')), ''));
CREATE MACRO bytes_from(x, n) AS CASE WHEN x IS NOT NULL THEN from_hex(CASE WHEN n > 0 THEN substr(hex(x), 2 * least(n, 2147483647) - 1) WHEN n = 0 OR -n > octet_length(x) THEN '' ELSE right(hex(x), -2 * n) END) END;
CREATE MACRO bytes_range(x, n, size) AS from_hex(left(hex(bytes_from(x, n)), 2 * greatest(size, 0)));
CREATE MACRO bytes_filling(x, n, fill, spot) AS left(repeat(hex(fill), CASE WHEN n < 0 OR octet_length(fill) = 0 THEN fail('Padding must not be empty, nor the size negative.', spot) ELSE n END), 2 * greatest(n - octet_length(x), 0));
CREATE MACRO bytes_padded_left(x, n, fill, spot) AS from_hex(bytes_filling(x, n, fill, spot) || left(hex(x), 2 * n));
CREATE MACRO bytes_padded_right(x, n, fill, spot) AS from_hex(left(hex(x), 2 * n) || bytes_filling(x, n, fill, spot));
CREATE MACRO number_of_bytes(x, size, spot) AS CASE WHEN octet_length(x) = size THEN CAST(CAST(CAST('0x' || hex(x) AS UBIGINT) AS HUGEINT) - CASE WHEN hex(x) >= '8' THEN CAST(1 AS HUGEINT) << (8 * size) ELSE 0 END AS BIGINT) WHEN x IS NOT NULL THEN fail('It takes ' || size || ' bytes.', spot) END;
CREATE MACRO buckets(x, n, spot) AS CAST(map(map_keys(x), list_transform(map_values(x), lambda v: CASE WHEN len(map_keys(x)) <= n THEN CAST(v AS DOUBLE) ELSE CAST(fail('numeric_histogram with fewer buckets than values is not available locally.', spot) AS DOUBLE) END)) AS MAP(DOUBLE, DOUBLE));
-- One step of Newton's brings the last digit right.
CREATE MACRO root_refined(y, x) AS CASE WHEN y = 0 OR NOT isfinite(y) THEN y ELSE y - (y * y * y - x) / (3 * y * y) END;
CREATE MACRO cube_root(x) AS CASE WHEN pow(round(cbrt(x)), 3) = x THEN round(cbrt(x)) ELSE root_refined(cbrt(x), x) END;
