"""Times `python -m dashboard serve` from the command to its first answer."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.consoles import OURS, PROJECT, python
from dashboard.testing.ports import free_port

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.01


def seconds_to_first_answer(instance: Path) -> float:
    """Start the server on `instance` with the sample catalogue and return when it answered, in seconds.

    Raises RuntimeError when it ends, or stays silent for a minute.
    """
    begun = time.perf_counter()
    with serving(free_port(), {"DASHBOARD_INSTANCE": str(instance)}, "--sample"):
        return time.perf_counter() - begun


@contextmanager
def serving(port: int, variables: Mapping[str, str], *options: str) -> Iterator[None]:
    """A server with these settings that answers; raises RuntimeError as `seconds_to_first_answer` does."""
    server = subprocess.Popen(
        [python(OURS), "-m", "dashboard", "serve", "--port", str(port), *options],
        cwd=PROJECT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    begun = time.perf_counter()
    try:
        while not _answers(port):
            if server.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                raise RuntimeError("the server did not start")
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_SECONDS)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/login")
        return connection.getresponse().status == 200
    except OSError:  # nobody listens yet
        return False
    finally:
        connection.close()
