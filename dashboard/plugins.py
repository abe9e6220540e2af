"""Plug-ins: modules that add kinds of records to the console by their function ``register(console)``.

A plug-in is named by ``DASHBOARD_PLUGINS``, or it is an installed package with an entry point in the group
``dashboard.plugins``. One that cannot be used stops the start with a line that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from flask import Flask

from dashboard.database.migrating import more_migrations
from dashboard.log_lines import escaped
from dashboard.variables import PREFIX, SettingsError

GROUP = "dashboard.plugins"
REGISTER = "register"
COMMANDS = "plugin_commands"
"""The key of an application's extensions under which are the groups of commands of plug-ins."""
OWN_COMMANDS = frozenset(
    {
        *("serve", "worker", "users", "products", "history", "trash", "sessions", "jobs", "db", "doctor"),
        *("mail", "new", "import", "export", "files"),
    }
)
PARTS = "plugin_parts"
"""The key of an application's extensions under which is what each of its plug-ins added."""
COMMAND_NAME = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)


@dataclass(frozen=True)
class Plugin:
    """A module that adds to the console: its name, and the function that is given the console."""

    name: str
    register: Callable[[Any], None]


@dataclass(frozen=True)
class Parts:
    """The kinds of records and the folders of migrations that a plug-in added to an application."""

    kinds: Sequence[str]
    folders: Sequence[Path]


def find_plugins(named: Sequence[str], given: Sequence[ModuleType] = ()) -> list[Plugin]:
    """The plug-ins of an application, each once: those that are installed, then `named` and `given`.

    Raises SettingsError with a line for the first that cannot be imported or has no function ``register``.
    """
    found: dict[str, Plugin] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        with _in_one_line(f"{entry.value} is installed as a plug-in, but cannot be imported"):
            found[entry.module] = _plugin(entry.module, import_module(entry.module))
    for name in named:
        with _in_one_line(f"{PREFIX}PLUGINS names {name}, which cannot be imported"):
            found[name] = _plugin(name, import_module(name))
    for module in given:
        found[module.__name__] = _plugin(module.__name__, module)
    return list(found.values())


def register_plugins(console: Any, plugins: Sequence[Plugin]) -> None:
    """Let each plug-in add to `console`; raises SettingsError with a line for the first that fails."""
    for plugin in plugins:
        screens, folders = len(console.screens), len(more_migrations(console.app))
        with _in_one_line(f"The plug-in {plugin.name} cannot be registered"):
            plugin.register(console)
        kinds = [screen.kind for screen in console.screens[screens:]]
        added = Parts(kinds, more_migrations(console.app)[folders:])
        console.app.extensions.setdefault(PARTS, []).append(added)


def parts_with(app: Flask, kind: str) -> Parts | None:
    """The parts of the plug-in with a kind of records; None where no plug-in has it."""
    return next((parts for parts in app.extensions.get(PARTS, []) if kind in parts.kinds), None)


def are_there(any_named: bool) -> bool:
    """Whether an application has a plug-in: `any_named`, or an installed one."""
    return any_named or bool(entry_points(group=GROUP))


def add_commands(app: Flask, group: click.Group) -> None:
    """Add a group of commands; raises TypeError for anything else, ValueError where its name is taken."""
    if not isinstance(group, click.Group):
        raise TypeError("Commands are added as a click.Group.")
    name = group.name or ""
    if not COMMAND_NAME.fullmatch(name):
        raise ValueError(f"The name of a group of commands has letters, digits and - only, unlike {name!r}.")
    groups = commands_of(app)
    if name in OWN_COMMANDS or name in groups:
        raise ValueError(f"There is a command {name} already.")
    groups[name] = group


def commands_of(app: Flask) -> dict[str, click.Group]:
    """The groups of commands of plug-ins, by their names."""
    found: dict[str, click.Group] = app.extensions.setdefault(COMMANDS, {})
    return found


def _plugin(name: str, module: ModuleType) -> Plugin:
    register = getattr(module, REGISTER, None)
    if not callable(register):
        raise SettingsError([f"The plug-in {name} has no function {REGISTER}(console)."])
    return Plugin(name, register)


@contextmanager
def _in_one_line(fault: str) -> Iterator[None]:
    """Turn an exception of a plug-in into a line that begins with `fault`; its traceback is the cause."""
    try:
        yield
    except SettingsError:
        raise
    except Exception as error:
        why = " ".join(str(error).split()) or "no reason given"
        raise SettingsError([f"{fault}: {type(error).__name__}: {escaped(why)}"]) from error
