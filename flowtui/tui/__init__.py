"""The terminal face. The only place that imports Textual."""
