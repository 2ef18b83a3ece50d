"""What start pages read, always within the viewer's scope."""
