"""An assessment in each form that people read; the same content in the same order in all."""
