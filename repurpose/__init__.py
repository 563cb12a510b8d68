"""Repurpose: one replay recording in, a family of tracked assets out."""

__version__ = "0.1.0"
