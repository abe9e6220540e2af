"""The keys that playwright.config.py may have, and the shapes of their values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MILLISECONDS = int
SIZE = {"width": int, "height": int}
LAUNCH = {
    "headless": bool,
    "args": list,
    "executablePath": str,
    "channel": str,
    "slowMo": (int, float),
    "timeout": MILLISECONDS,
    "env": dict,
}

USE = {
    "browserName": {"chromium", "firefox", "webkit"},
    "trace": {"on", "off", "retain-on-failure"},
    "screenshot": {"on", "off", "only-on-failure"},
    "video": {"on", "off", "retain-on-failure"},
    "locale": str,
    "timezoneId": str,
    "viewport": SIZE,
    "colorScheme": {"light", "dark", "no-preference"},
    "reducedMotion": {"reduce", "no-preference"},
    "deviceScaleFactor": (int, float),
    "isMobile": bool,
    "hasTouch": bool,
    "actionTimeout": MILLISECONDS,
    "navigationTimeout": MILLISECONDS,
    "testIdAttribute": str,
    "launchOptions": LAUNCH,
}
PROJECT = {
    "name": str,
    "metadata": dict,
    "use": USE,
    "grep": str,
    "grepInvert": str,
    "testMatch": (str, list),
}
CONFIG = {
    "testDir": str,
    "outputDir": str,
    "timeout": MILLISECONDS,
    "globalTimeout": MILLISECONDS,
    "expect": {"timeout": MILLISECONDS},
    "retries": int,
    "forbidOnly": bool,
    "maxFailures": int,
    "workers": (int, str),
    "repeatEach": int,
    "shard": {"current": int, "total": int},
    "reportSlowTests": {"max": int, "threshold": MILLISECONDS},
    "reporter": list,
    "webServer": {
        "command": str,
        "url": str,
        "timeout": MILLISECONDS,
        "cwd": str,
        "env": dict,
        "reuseExistingServer": bool,
    },
    "use": USE,
    "projects": list,
}
REPORTERS: dict[str, dict[str, Any]] = {"dot": {}, "list": {}, "junit": {"outputFile": str}}


class ConfigError(Exception):
    """The configuration is invalid; `line` is the number of the line at fault, if it is known."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


def check(value: Any, shape: Any, where: str) -> None:
    """Raise ConfigError unless the value has the shape: a type, several, a set of texts, a dict of shapes."""
    if isinstance(shape, set):
        _check_choice(value, shape, where)
    elif isinstance(shape, dict):
        _check_kind(value, dict, where)
        for key, item in value.items():
            if key not in shape:
                raise ConfigError(f"{where}.{key} is unknown; the keys are: {', '.join(sorted(shape))}")
            if item is not None:
                check(item, shape[key], f"{where}.{key}")
    else:
        _check_kind(value, shape, where)


def check_required(settings: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Raise ConfigError for the first of the keys that is absent or empty."""
    for key in keys:
        if not settings.get(key):
            raise ConfigError(f"{where}.{key} is missing")


def check_pattern(pattern: str | None, where: str) -> None:
    """Raise ConfigError unless the value is a regular expression."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ConfigError(f"{where} is not a regular expression: {pattern!r}, {error}") from error


def check_reporter(reporter: Any, where: str) -> None:
    """Raise ConfigError unless the value is a list of a known name and, if any, its options."""
    name, options = (*reporter, {})[:2] if isinstance(reporter, list) and reporter else (reporter, {})
    if not isinstance(name, str) or name not in REPORTERS:
        raise ConfigError(f"{where} must be one of {', '.join(REPORTERS)}, not {name!r}")
    check(options, REPORTERS[name], where)
    if name == "junit" and not options.get("outputFile"):
        raise ConfigError(f"{where} needs an outputFile")


def _check_choice(value: Any, choices: set[str], where: str) -> None:
    if not isinstance(value, str) or value not in choices:
        raise ConfigError(f"{where} must be one of {', '.join(sorted(choices))}, not {value!r}")


def _check_kind(value: Any, kind: Any, where: str) -> None:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    # bool is an int to Python, but `"timeout": True` is a slip.
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join(each.__name__ for each in kinds)
        raise ConfigError(f"{where} must be {expected}, not {value!r}")
