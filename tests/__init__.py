"""Tests of salesys."""
