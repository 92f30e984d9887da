"""Answers questions in anybody's words from the knowledge base: extractive, never generated."""
