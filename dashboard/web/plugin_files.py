"""Templates and static files of plug-ins, which lie in a folder with the name of the plug-in.

So neither replaces a file of the console or of another plug-in, now or in a later version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from dashboard.web.assets import add_files

PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
TAKEN = "plugin_files"
"""The key of an application's extensions under which are the folders that plug-ins brought, by their use."""


def add_templates(app: Flask, folder: Path) -> None:
    """Let `app` find the templates in `folder`; raises ValueError, see `files_in`."""
    root = app.jinja_loader
    own = {name.partition("/")[0] for name in root.list_templates()} if root else set()
    files_in(app, "templates", folder, own)
    app.jinja_loader = ChoiceLoader([*([root] if root else []), FileSystemLoader(folder)])


def add_static(app: Flask, folder: Path) -> None:
    """Let `app` serve the files in `folder` under `/static/`; raises ValueError, see `files_in`."""
    add_files(app, files_in(app, "static files", folder, set()))


def files_in(app: Flask, what: str, folder: Path, own: set[str]) -> dict[str, Path]:
    """The files below `folder` by their names, such as ``shop/card.html``; hidden ones are left out.

    Raises ValueError where there is no such folder or it is empty, where a file lies outside of a folder of
    the plug-in, where that folder is one of `own` or belongs to another plug-in, where a name has a
    character that does not belong into an address, and where one is a link to what is none of them.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no folder of {what} at {folder}.")
    found = dict(_files(folder))
    if not found:
        raise ValueError(f"The folder of {what} at {folder} is empty.")
    taken: dict[tuple[str, str], Path] = app.extensions.setdefault(TAKEN, {})
    real = {path.resolve() for path in found.values() if not path.is_symlink()}
    for name, path in found.items():
        _refuse_name(what, folder, name)
        if path.resolve() not in real:
            raise ValueError(f"{name} is a link to a file that is not among the {what}.")
        space = name.partition("/")[0]
        if space in own or taken.setdefault((what, space), folder) != folder:
            raise ValueError(f"The folder {space} of {what} is taken. Give it the name of the plug-in.")
    return found


def _refuse_name(what: str, folder: Path, name: str) -> None:
    """Raise ValueError where a file is in no folder of its own, or has a name that is not plain."""
    if "/" not in name:
        raise ValueError(f"Put {name} into a folder with the name of the plug-in, below {folder}.")
    if not all(PLAIN_NAME.fullmatch(part) for part in name.split("/")):
        raise ValueError(f"The name {name!r} among the {what} may have letters, digits and . _ - only.")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            yield name, path
