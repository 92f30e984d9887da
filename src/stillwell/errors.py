"""Errors that a user can cause: one line that names the field and the way out."""


class StillwellError(Exception):
    """Base of every error a user can cause; its text is one clear line."""


class CaseError(StillwellError):
    """Something in a case cannot be used: names the field, what is wrong, and the way out."""

    def __init__(self, field: str, problem: str, way_out: str = "") -> None:
        text = f"{field}: {problem}"
        super().__init__(f"{text}. {way_out}" if way_out else text)
        self.field = field


class UnitError(StillwellError):
    """A unit that is not known, or that does not fit the test."""
