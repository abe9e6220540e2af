"""Environments of a console, and what comes of reading its settings from them."""

from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.variables import SettingsError

GOOD_KEY = "5b0f2c9d7e1a48633d6f90ab12ce457788aa31f4e6d2b05c"
PRODUCTION = {
    "DASHBOARD_ENV": "production",
    "DASHBOARD_SECRET_KEY": GOOD_KEY,
    "DASHBOARD_BASE_URL": "https://console.example.org",
}


def read(instance: Path, **variables: str) -> Settings:
    """The settings of an environment that names an instance folder and `variables`, without the prefix."""
    environment = {f"DASHBOARD_{name}": value for name, value in variables.items()}
    return Settings.from_environment({"DASHBOARD_INSTANCE": str(instance), **environment})


def complaints(instance: Path, **variables: str) -> list[str]:
    """Return the lines of the error that `read` raises."""
    with pytest.raises(SettingsError) as caught:
        read(instance, **variables)
    return caught.value.lines


def in_production(instance: Path, **variables: str) -> dict[str, str]:
    """A complete production environment with `variables` changed; an empty one is left out."""
    changed = {f"DASHBOARD_{name}": value for name, value in variables.items()}
    return {**PRODUCTION, "DASHBOARD_INSTANCE": str(instance), **changed}
