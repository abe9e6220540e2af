"""Consoles with plug-ins that are functions."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.variables import SettingsError
from unit.consoles import prepared

Register = Callable[[Any], None]


def with_plugins(settings: Settings, *registers: Register) -> Flask:
    """A console with a plug-in for each function."""
    modules = []
    for number, register in enumerate(registers):
        module = ModuleType(f"shop{number}")
        module.register = register  # type: ignore[attr-defined]
        modules.append(module)
    app = prepared(create_app(settings, modules))
    upgrade(settings.database_url)
    return app


def fault(settings: Settings, *registers: Register) -> str:
    """The line that stops the start, after the name of the plug-in."""
    with pytest.raises(SettingsError) as told:
        with_plugins(settings, *registers)
    return str(told.value).partition(": ")[2]
