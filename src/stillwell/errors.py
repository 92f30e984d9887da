"""Errors that a user can cause: one line that names the field and the way out."""

from typing import Any

from stillwell.characters import one_line

MOST_LETTERS = 1000  # of an error's whole line
OF_FIELD = 160
OF_PROBLEM = 300


class StillwellError(Exception):
    """Base of every error a user can cause; its text is one clear line of bounded length."""

    def __init__(self, text: str = "") -> None:
        super().__init__(one_line(text, MOST_LETTERS))

    def __reduce__(self) -> tuple[Any, ...]:
        # from another process as it was: an error's own arguments are not kept
        return _as_it_was, (type(self), self.args, self.__dict__)


class CaseError(StillwellError):
    """Something in a case cannot be used: names the field, what is wrong, and the way out.

    A field or a value without end is shown by its start and its end.
    """

    # what of the case was left when this was refused: it may hold an alarm (`stillwell.case.rest`)
    rest: object = None

    def __init__(self, field: str, problem: str, way_out: str = "") -> None:
        text = f"{one_line(field, OF_FIELD)}: {one_line(problem, OF_PROBLEM)}"
        super().__init__(f"{text}. {way_out}" if way_out else text)
        self.field = field


class CaseErrors(CaseError):
    """Several things in a case that cannot be used, all told at once; `field` is the first one's."""

    def __init__(self, errors: list[CaseError]) -> None:
        StillwellError.__init__(self, "; ".join(str(error).rstrip(".") for error in errors))
        self.field = errors[0].field


class UnitError(StillwellError):
    """A unit that is not known, or that does not fit the test."""


def _as_it_was(
    kind: type[StillwellError], args: tuple[Any, ...], state: dict[str, Any]
) -> StillwellError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
