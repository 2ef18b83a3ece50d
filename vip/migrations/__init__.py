"""Schema of the `vip` street."""
