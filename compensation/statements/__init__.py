"""Statements: what each person earned, line by line, in words, down to the payment and back to the plan."""
