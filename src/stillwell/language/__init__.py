"""From a person's words to readings: what is told, whose, when and how, with the words it came from."""
