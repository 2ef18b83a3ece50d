"""Schema of the `compensation` street."""
