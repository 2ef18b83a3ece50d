"""Schema of the `planning` street."""
