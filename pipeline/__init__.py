"""Clients, calls, deals and money."""
