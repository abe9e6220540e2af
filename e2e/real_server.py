"""The console in production: `dashboard serve`, in its own processes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.testing.harness.web_server import WebServer, free_port

ROOT = Path(__file__).parent.parent


@pytest.fixture
def real_server(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh installation with the sample catalogue; it takes two seconds to start."""
    port = free_port()
    settings = {
        "command": f"{sys.executable} -m dashboard serve --sample --port {port}",
        "url": f"http://127.0.0.1:{port}",
        "env": {"DASHBOARD_INSTANCE": str(tmp_path)},
        "timeout": 20_000,
    }
    with WebServer(settings, ROOT) as server:
        yield server.url
