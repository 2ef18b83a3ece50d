"""The root of the REST interface."""
