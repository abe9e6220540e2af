"""``python -m dashboard`` is the command ``dashboard``."""

from __future__ import annotations

from dashboard.cli import main

main()
