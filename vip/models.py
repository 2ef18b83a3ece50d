"""Models of the `vip` street, gathered from its houses."""
