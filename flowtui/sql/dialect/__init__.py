"""Athena's SQL, read and turned into DuckDB's.

The way of a statement: :mod:`parser` reads it, :mod:`strictness` refuses what only other systems have, handlers bind
the tree from :mod:`queries` down to :mod:`values` with static types, :mod:`functions` says how each call is bound,
and ``macros.sql`` holds what DuckDB has no function for.
"""
