"""Measurements of bulk work, each beside the limit that the same machine sets in the same run."""
