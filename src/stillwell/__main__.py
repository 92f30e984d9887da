"""`python -m stillwell` is the command `stillwell`."""

from stillwell.cli.main import main

main(prog_name="stillwell")
