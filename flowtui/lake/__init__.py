"""The local DuckDB workspace: download, load, ledger, export."""
