"""The arithmetic of pay: values in, values out. No Django, no database, no clock."""
