"""Planning arithmetic over plain values: no Django, no database, no clock."""
