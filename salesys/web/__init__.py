"""Start pages of the roles, search, preferences and error pages: the top of the pages."""
