"""Home pages, search and error pages."""
