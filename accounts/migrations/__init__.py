"""Schema of the `accounts` street."""
