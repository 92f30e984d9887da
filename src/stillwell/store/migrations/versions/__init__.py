"""One module a revision, from the first release on."""
