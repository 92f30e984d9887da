"""Foods: the table of what they hold, its search and the matching of names, official downloads."""
