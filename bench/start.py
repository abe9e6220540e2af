"""Times `python -m dashboard serve` from the command to its first answer."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
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
    port = free_port()
    begun = time.perf_counter()
    with _serving(instance, port) as server:
        while not _answers(port):
            if server.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                raise RuntimeError("the server did not start")
            time.sleep(PAUSE_SECONDS)
        return time.perf_counter() - begun


@contextmanager
def _serving(instance: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [python(OURS), "-m", "dashboard", "serve", "--sample", "--port", str(port)],
        cwd=PROJECT,
        env={**os.environ, "DASHBOARD_INSTANCE": str(instance)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield server
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
