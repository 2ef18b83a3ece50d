"""`{% load salesys %}`."""
