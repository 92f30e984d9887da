"""Planner: limits of a person, gaps, and the smallest change of diet that closes them."""
