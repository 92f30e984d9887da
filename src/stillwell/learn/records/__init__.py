"""Records of the knowledge base by name, as readable pages, and side by side."""
