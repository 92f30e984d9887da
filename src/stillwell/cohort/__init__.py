"""The same assessment for many people at once: populations, surveys, extracts of health records."""
