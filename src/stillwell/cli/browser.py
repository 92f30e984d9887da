"""Opens an address in this machine's browser, in silence where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import click

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
WAIT_S = 3.0  # an opener that still runs then has found something to open it with


def opened_in_browser(url: str) -> bool:
    """Whether a browser was found; what the opener of the desktop says of its search is kept from the terminal."""
    if not sys.platform.startswith("linux"):
        return click.launch(url) == 0
    opener = shutil.which("xdg-open")
    if opener is None or not any(os.environ.get(name) for name in SCREENS):
        return False
    quiet = subprocess.DEVNULL
    started = subprocess.Popen(
        [opener, url], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        return started.wait(WAIT_S) == 0
    except subprocess.TimeoutExpired:
        return True
