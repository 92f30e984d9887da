"""Knowledge as data: the files, their schema, and the loader that checks and compiles them."""
