"""Processes that do jobs and are killed, whatever they are doing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.config import Settings

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS, PATIENCE_SECONDS = 0.3, 60.0


@contextmanager
def working(settings: Settings, code: str) -> Iterator[None]:
    """A process that runs `code` over a database, which starts workers; it is killed at the end."""
    arguments = (settings.database_url, str(settings.instance), settings.secret_key, str(LEASE_SECONDS))
    with subprocess.Popen((sys.executable, "-c", code, *arguments), cwd=ROOT) as process:
        yield
        os.kill(process.pid, signal.SIGKILL)
