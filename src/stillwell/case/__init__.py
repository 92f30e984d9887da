"""What a person tells: the case, its file format, units, and plain words."""
