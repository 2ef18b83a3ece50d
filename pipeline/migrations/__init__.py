"""Schema of the `pipeline` street."""
