"""The command that begins a plug-in: a model, its screen, its migration and its tests, which pass at once."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from string import Template
from tempfile import mkdtemp

import click

from dashboard.bounds import excess
from dashboard.cli.arguments import Text

FILES = Path(__file__).with_name("plugin_files")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
NAME_LENGTH = 30
OWN = {"unit", "e2e"}
"""Folders beside the module in the folder of a plug-in."""


@click.group()
def new() -> None:
    """Begin something new."""


@new.command()
@click.argument("name", type=Text(NAME_LENGTH))
def plugin(name: str) -> None:
    """Write a plug-in called NAME into a new folder of that name, with tests that pass."""
    folder = Path(name)
    if fault := name_fault(name) or taken_fault(folder):
        raise click.ClickException(fault)
    try:
        write(folder, {"name": name, "title": name.replace("_", " ").capitalize()})
    except OSError as error:
        raise click.ClickException(f"The folder {name} cannot be written: {error.strerror}") from error
    click.echo(f"The plug-in is in the folder {name}. Try it:")
    click.echo(f"  cd {name} && python -m pytest")
    click.echo(f"  pip install -e {name} && dashboard serve")


def name_fault(name: str) -> str | None:
    """Say why a plug-in cannot have this name; None where it can."""
    if fault := excess(name, NAME_LENGTH):
        return fault
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        return (
            f"{name!r} cannot be the name of a plug-in. Use lower case letters, digits and _, such as shop."
        )
    if name in OWN or name in sys.stdlib_module_names or _is_module(name):
        return f"There is a module {name} already, which the plug-in would hide. Choose another name."
    return None


def taken_fault(folder: Path) -> str | None:
    """Say that a folder exists; None where it does not."""
    exists = folder.is_symlink() or folder.exists()
    return f"{folder} exists already. Nothing was written." if exists else None


def write(folder: Path, words: Mapping[str, str]) -> None:
    """Write all files into a new `folder`, or none; raises OSError."""
    draft = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        for source in sorted(FILES.rglob("*.txt")):
            _write_file(draft / place(source, words), source, words)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def place(source: Path, words: Mapping[str, str]) -> Path:
    """The place of a file in the plug-in."""
    parts = source.relative_to(FILES).with_suffix("").parts
    named = {"package": words["name"], "first.py": f"{words['name']}_0001.py"}
    return Path(*(named.get(part, part) for part in parts))


def _write_file(target: Path, source: Path, words: Mapping[str, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    text = Template(source.read_text(encoding="utf-8")).substitute(words)
    target.write_text(text, encoding="utf-8")


def _is_module(name: str) -> bool:
    """Whether Python finds a module of that name."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return True
