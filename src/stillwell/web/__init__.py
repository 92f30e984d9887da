"""The private page: from first words to a page for the doctor, on the person's own machine."""
