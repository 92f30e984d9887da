"""What a person keeps on their machine: people and their records, in SQLite or PostgreSQL."""
