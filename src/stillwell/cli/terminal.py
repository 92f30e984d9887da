"""What the terminal is like and what goes wrong there: encodings, Ctrl-C, a full disk, wrong options.

Each ends in one line and an exit code, never in a trace.
"""

from __future__ import annotations

import codecs
import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import click

from stillwell.characters import one_line, plain
from stillwell.errors import CaseError, StillwellError

WRONG_INPUT = 2
INTERRUPTED = 130  # as shells say of a program that Ctrl-C ended
PIPE_COLUMNS = 80  # where the output is no terminal
GARBAGE_AFTER = (
    100_000  # new objects: with Python's 700 a start looks for garbage 200 times, in vain
)
NARROWEST, WIDEST = 32, 100  # longer lines are hard to read
_PLAINER = str.maketrans(
    {
        **{"█": "#", "▓": "+", "░": "-", "·": ".", "•": "*", "…": "...", "–": "-", "—": "-"},
        **{"≥": ">=", "≤": "<=", "×": "x", "→": "->", "‘": "'", "’": "'", "“": '"', "”": '"'},
        **{"µ": "u", "μ": "u", "½": "1/2", "¼": "1/4", "¾": "3/4", "±": "+/-"},
    }
)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """What the terminal cannot show, in characters that it can."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAINER)
    return "".join(c if c.isascii() else "?" for c in text), error.end


codecs.register_error("stillwell.plainer", _plainer)


def adapt_streams() -> None:
    """Let output in any encoding degrade, and input that is no text be read with marks, not fail."""
    for stream, errors in (
        (sys.stdout, "stillwell.plainer"),
        (sys.stderr, "stillwell.plainer"),
        (sys.stdin, "replace"),
    ):
        change = getattr(stream, "reconfigure", None)
        if change is not None:
            with suppress(OSError, ValueError):
                change(errors=errors)


def keep_for_good() -> None:
    """Never look again whether what there is now is garbage.

    For what stays to the end, as the knowledge, and at the end itself: Python would go over all of it
    several times before it ends, which takes longer than importing NumPy.
    """
    gc.freeze()


def columns() -> int:
    """How many letters a line of output should hold."""
    if not sys.stdout.isatty():
        return PIPE_COLUMNS
    import shutil

    found = shutil.get_terminal_size((PIPE_COLUMNS, 24)).columns
    return min(max(found, NARROWEST), WIDEST)


class Commands(click.Group):
    """Turns every error that a user can cause into one line and exit code 2, and Ctrl-C into 130."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run a command and end the program with its exit code."""
        adapt_streams()
        gc.set_threshold(GARBAGE_AFTER)
        if not extra.pop("standalone_mode", True):
            return super().main(args, standalone_mode=False, **extra)
        code = self._exit_code(args, **extra)
        keep_for_good()
        sys.exit(code)

    def _exit_code(self, args: Sequence[str] | None, **extra: Any) -> int:
        try:
            code = super().main(args, standalone_mode=False, **extra)
            _keep_patterns()
            return code if isinstance(code, int) else 0
        except StillwellError as error:
            _say_alarm(error)
            return _say(str(error))
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return error.exit_code
        except click.ClickException as error:
            return _say(_of_options(error))
        except click.Abort as error:
            if isinstance(error.__context__, EOFError) or isinstance(error.__cause__, EOFError):
                return _say("the answers ended before anything was asked about: start again")
            return INTERRUPTED
        except KeyboardInterrupt:
            return INTERRUPTED
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO):
                raise
            _give_up_output()
            return _say(f"output: cannot be written ({error.strerror})")


def _keep_patterns() -> None:
    """Spare the next command what this one had to compile; one that read no words has loaded nothing of it."""
    kept = sys.modules.get("stillwell.knowledge.kept_patterns")
    if kept is not None:
        kept.keep_new()


def _say_alarm(error: StillwellError) -> None:
    """Say what is urgent in the rest of a case of which something was refused."""
    if isinstance(error, CaseError) and error.rest is not None:
        from stillwell.api import alarm_despite

        alarm = alarm_despite(error)
        if alarm:
            click.echo(plain(alarm), err=True)


def _of_options(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    way = f". Try '{context.command_path} --help'" if context is not None else ""
    return one_line(error.format_message(), 400).rstrip(".") + way


def _say(line: str) -> int:
    click.echo(f"stillwell: {line}", err=True)
    return WRONG_INPUT


def _give_up_output() -> None:
    """Send what is still to be written nowhere, or the end of the program would fail on it again."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, cast(Any, sys.stdout).fileno())
        os.close(nowhere)
