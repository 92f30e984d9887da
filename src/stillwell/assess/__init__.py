"""The one sentence of the system: case, evidence, posterior, plan."""
