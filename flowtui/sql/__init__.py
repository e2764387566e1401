"""Athena SQL: translation, examples, and the engines that answer it."""
