"""The ledger: periods, runs, lines that are written once."""
