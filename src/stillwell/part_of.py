"""Imports one module of a package without all the others that the package would load beside it."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import Lock
from types import ModuleType

_importing = Lock()


def part_of(package: str, module: str) -> ModuleType:
    """The module `package.module`, where the package is not loaded for it.

    Where the module cannot do without its package, that is imported as usual.

    >>> part_of("json", "decoder").__name__
    'json.decoder'
    """
    name = f"{package}.{module}"
    with _importing:
        if package in sys.modules or name in sys.modules:
            return import_module(name)
        spec = find_spec(package)
        if spec is None:
            return import_module(name)  # says that it is missing
        sys.modules[package] = module_from_spec(spec)  # its place and nothing of what it holds
        try:
            return import_module(name)
        except (ImportError, AttributeError):
            pass
        finally:
            del sys.modules[package]
    return import_module(name)
