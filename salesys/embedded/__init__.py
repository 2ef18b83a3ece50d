"""PostgreSQL and Valkey from wheels, started on demand when no servers are named."""
