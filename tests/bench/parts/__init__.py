"""A part each: measure(bench) gives its rows of the table."""
