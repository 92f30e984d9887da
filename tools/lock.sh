#!/usr/bin/env bash
# Writes complete, hashed locks of what runs, what tests and what measures (needs uv; see CONTRIBUTING).
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { uv pip compile pyproject.toml --quiet --generate-hashes --python-version 3.11 --no-header "$@"; }
lock --extra page -o requirements/run.txt
lock -c requirements/run.txt --extra page --extra cohort --extra dev -o requirements/dev.txt
lock -c requirements/dev.txt --extra page --extra cohort --extra dev --extra tools --extra bench -o requirements/tools.txt
