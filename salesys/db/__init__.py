"""What every table shares: scopes, effective dates, append-only rows, partitions, runs."""
