"""The consoles whose imports are measured, each in a process of its own over a database of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench import consoles
from bench.imports.steps import Figures

DJANGO, DJANGO_IN_BULK = "django-import-export", "django-import-export in bulk"
STARLETTE, SQLADMIN = "starlette-admin", "SQLAdmin"
MODULES: dict[str, Sequence[str]] = {
    consoles.OURS: ("bench.imports.ours",),
    DJANGO: ("bench.peers.django_import", "usual"),
    DJANGO_IN_BULK: ("bench.peers.django_import", "in bulk"),
    STARLETTE: ("bench.peers.starlette_admin_import",),
    SQLADMIN: ("bench.peers.sqladmin_import",),
}
"""The module of each, and what its measurement is told besides."""
PEERS = tuple(name for name in MODULES if name != consoles.OURS)


def run(name: str, database_url: str, rows: int, folder: Path) -> Figures:
    """Measure a console over an empty database; raises RuntimeError where its process fails."""
    arguments = (name, database_url, str(rows), str(folder))
    done = subprocess.run(
        [consoles.python(name), "-m", "bench.imports.consoles", *arguments],
        cwd=consoles.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{name} was not measured: its process ended with {done.returncode}")
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure the console that the arguments name, and print its figures."""
    name, database_url, rows, folder = sys.argv[1:]
    module, *mode = MODULES[name]
    if name != consoles.OURS:
        import_module("bench.peers.tables").fill(database_url, 0)
    found: Figures = import_module(module).measure(database_url, int(rows), Path(folder), *mode)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
