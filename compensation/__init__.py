"""Pay schemes, ledger and statements."""
