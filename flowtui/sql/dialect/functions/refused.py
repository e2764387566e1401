"""What Athena has and no local counterpart exists for, by name and with the reason."""

_REASONS = {
    "sketches keep no exact counterpart": """approx_set empty_approx_set merge make_set_digest merge_set_digest
        tdigest_agg qdigest_agg value_at_quantile values_at_quantiles hash_counts intersection_cardinality
        jaccard_index""",
    "geospatial functions are not translated": """st_area st_asbinary st_astext st_boundary st_buffer st_centroid
        st_contains st_distance st_geometryfromtext st_intersects st_point st_within st_x st_y to_geometry
        great_circle_distance bing_tile""",
    "machine learning functions are not translated": "classify features learn_classifier learn_regressor regress",
    "terminal colours are not translated": "bar color render rgb",
    "statistical distributions are not translated": """beta_cdf inverse_beta_cdf normal_cdf inverse_normal_cdf t_cdf
        t_pdf wilson_interval_lower wilson_interval_upper""",
    "DuckDB has no such digest": """crc32 hmac_md5 hmac_sha1 hmac_sha256 hmac_sha512 murmur3 sha512 spooky_hash_v2_32
        spooky_hash_v2_64 xxhash64""",
    "binary encodings other than base64 and hex are not translated": """from_base32 from_base64url from_big_endian_32
        from_big_endian_64 from_ieee754_32 from_ieee754_64 to_base32 to_base64url to_big_endian_32 to_big_endian_64
        to_ieee754_32 to_ieee754_64""",
    "there is no local counterpart": """word_stem soundex format_number parse_data_size
        parse_presto_data_size from_iso8601_timestamp_nanos quantile_at_value
        current_catalog current_schema current_role current_groups to_char to_timestamp
        char2hexint""",
    "the external functions of Athena run on AWS": "external_function",
}

TABLE = "\n".join(
    f"{name}() -> varchar | refused | {why} |" for why, names in _REASONS.items() for name in names.split()
)
