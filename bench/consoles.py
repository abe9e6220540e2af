"""The consoles by name: what builds each, and how it is called in a table."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from bench.console import Console

PROJECT = Path(__file__).resolve().parent.parent
OUR_PYTHON = PROJECT / os.environ.get("VENV", ".venv") / "bin" / "python"  # make hands its own on

OURS, STOCK = "ours", "stock"
MODULES = {
    STOCK: "bench.peers.stock",
    "django": "bench.peers.django_admin",
    "sqladmin": "bench.peers.sqladmin_views",
    OURS: "bench.ours",
}
PEERS = tuple(name for name in MODULES if name != OURS)


def build(name: str, database_url: str, count: int) -> Console:
    """Import one console only, so that a process holds nothing of the others, and make it."""
    console: Console = import_module(MODULES[name]).build(database_url, count)
    return console


def python(name: str) -> str:
    """The interpreter of a console: ours has its own packages, some newer than SQLAdmin allows."""
    return str(OUR_PYTHON) if name == OURS else sys.executable


def start_filling(name: str, database_url: str, count: int) -> subprocess.Popen[bytes]:
    """Begin to load the catalogue of ours, or the one that its peers share, into an empty database."""
    module = MODULES[OURS] if name == OURS else "bench.peers.tables"
    code = f"import {module} as catalogue; catalogue.fill({database_url!r}, {count})"
    return subprocess.Popen([python(name), "-c", code], cwd=PROJECT)


def title(name: str) -> str:
    """A console with its version."""
    titles = {
        STOCK: ("Flask-Admin", "flask-admin"),
        "django": ("Django admin", "django"),
        "sqladmin": ("SQLAdmin", "sqladmin"),
    }
    if name == OURS:
        return "ours"
    words, package = titles[name]
    return f"{words} {version(package)}"
