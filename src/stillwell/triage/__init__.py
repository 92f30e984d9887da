"""Red flags: how urgent, decided by rules alone and before any probability."""
