"""Pages that look across the houses of the street: the list of companies, a company, calls."""
