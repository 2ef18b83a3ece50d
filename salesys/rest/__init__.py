"""What every street's REST views share: problems, pages, idempotency, versions, scopes, the description of it all."""
