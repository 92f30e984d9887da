"""Intake: meal text to foods and grams, diary and habits to usual intake, reference intakes."""
