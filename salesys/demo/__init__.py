"""A department that never was: people, clients, calls, deals and money made up from a seed and a date."""
