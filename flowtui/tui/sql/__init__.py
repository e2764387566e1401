"""The SQL screen: editor, examples, schema and results."""
