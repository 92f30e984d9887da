"""Stillwell: what is making my legs shake, and what do I do about it?

`stillwell.assess`, `stillwell.Assessment`, `stillwell.Case` and the errors are the stable Python
interface (`docs/python.md`). They are loaded when they are first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.2.0"
TYPE_CHECKING = False  # true to type checkers; `typing` itself would double the time of the import

if TYPE_CHECKING:
    from stillwell.api import Assessment as Assessment
    from stillwell.api import assess as assess
    from stillwell.case.model import Case as Case
    from stillwell.errors import CaseError as CaseError
    from stillwell.errors import StillwellError as StillwellError
    from stillwell.errors import UnitError as UnitError

__all__ = ["Assessment", "Case", "CaseError", "StillwellError", "UnitError", "assess"]

_HOME = {
    "Assessment": "stillwell.api",
    "Case": "stillwell.case.model",
    "CaseError": "stillwell.errors",
    "StillwellError": "stillwell.errors",
    "UnitError": "stillwell.errors",
}


class _CallablePackage(ModuleType):
    """The package `stillwell.assess`, which can be called: `stillwell.assess("my legs shake")`."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        from stillwell.api import assess

        return assess(*args, **kwargs)  # type: ignore[arg-type]


class _Front(ModuleType):
    """The package `stillwell`.

    The function `assess` and the package `stillwell.assess` share a name. Python sets the package
    as an attribute when it is imported; it is made callable then, so that both ways work at any time.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name == "assess" and isinstance(value, ModuleType):
            value.__class__ = _CallablePackage
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Front


def __getattr__(name: str) -> object:
    if name == "assess":
        return import_module("stillwell.assess")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'stillwell' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
