"""Pure values and rules that every street may use: no Django, no database, no clock."""
