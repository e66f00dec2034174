"""The ``assistant`` command over the small assistant: the documentation's commands need no index."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from small_assistant import open_small  # noqa: E402

from assistant import cli, commands  # noqa: E402

if __name__ == "__main__":
    commands._open = open_small
    sys.exit(cli.main())
