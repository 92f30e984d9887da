"""A small renderer for each form people read; none holds words or decides what is shown."""
