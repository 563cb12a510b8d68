"""Whose views they are, and what they say of a person."""
