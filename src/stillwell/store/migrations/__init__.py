"""Alembic's scripts: how the tables of one release become those of the next, and back."""
