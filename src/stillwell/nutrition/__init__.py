"""Food: table and search, meal text, intakes, probability of inadequacy, diet planning."""
