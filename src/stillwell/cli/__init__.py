"""The terminal face: thin commands over the same functions as every other face."""
