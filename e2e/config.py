"""playwright.config.py: read by path (its name holds a dot), checked, and turned into a Suite."""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
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
    "browserName": str,
    "trace": str,
    "screenshot": str,
    "video": str,
    "locale": str,
    "timezoneId": str,
    "viewport": SIZE,
    "colorScheme": str,
    "reducedMotion": str,
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
REPORTERS = {"dot": {}, "list": {}, "junit": {"outputFile": str}}


class ConfigError(Exception):
    """The configuration says something that the suite cannot do."""


@dataclass(frozen=True)
class Project:
    """One way to run the tests; `use` already holds the top-level `use` underneath its own."""

    name: str
    use: Mapping[str, Any] = field(default_factory=dict)
    grep: str | None = None
    grep_invert: str | None = None
    test_match: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        return self.use.get("browserName") or "chromium"


@dataclass(frozen=True)
class Suite:
    """The whole configuration; keys that are None are as good as absent."""

    root: Path
    settings: Mapping[str, Any]
    projects: tuple[Project, ...]

    def get(self, key: str, default: Any = None) -> Any:
        value = self.settings.get(key)
        return default if value is None else value

    def project(self, name: str) -> Project:
        """The project of that name, or the top-level settings on a bare engine (--browser)."""
        for project in self.projects:
            if project.name == name:
                return project
        return Project(name, {**self.get("use", {}), "browserName": name})


def load(path: Path) -> Suite:
    """Read the file's `config`; raises ConfigError naming the key that is wrong."""
    if not path.is_file():
        raise ConfigError(f"{path} does not exist")
    return parse(runpy.run_path(str(path)).get("config"), path.resolve().parent)


def parse(config: Any, root: Path) -> Suite:
    """Check a config dict and make it a Suite whose relative paths start at `root`."""
    _check(config, CONFIG, "config")
    if config.get("retries"):
        raise ConfigError("config.retries must be 0: a test that needs a second try is a fault")
    for number, reporter in enumerate(config.get("reporter") or []):
        _check_reporter(reporter, f"config.reporter[{number}]")
    _check_shard(config.get("shard"))
    return Suite(root, config, _projects(config))


def _projects(config: Mapping[str, Any]) -> tuple[Project, ...]:
    declared = config.get("projects") or [{"name": "chromium"}]
    for number, project in enumerate(declared):
        _check(project, PROJECT, f"config.projects[{number}]")
        if not project.get("name"):
            raise ConfigError(f"config.projects[{number}].name is missing")
    names = [project["name"] for project in declared]
    if len(set(names)) < len(names):
        raise ConfigError("config.projects: every name must be there once only")
    return tuple(_project(project, config.get("use") or {}) for project in declared)


def _project(declared: Mapping[str, Any], shared: Mapping[str, Any]) -> Project:
    match = declared.get("testMatch") or []
    return Project(
        name=declared["name"],
        use={**shared, **(declared.get("use") or {})},
        grep=declared.get("grep"),
        grep_invert=declared.get("grepInvert"),
        test_match=(match,) if isinstance(match, str) else tuple(match),
        metadata=declared.get("metadata") or {},
    )


def _check(value: Any, shape: Any, where: str) -> None:
    if isinstance(shape, dict):
        _check_kind(value, dict, where)
        for key, item in value.items():
            if key not in shape:
                raise ConfigError(f"{where}.{key} is unknown; the keys are: {', '.join(sorted(shape))}")
            if item is not None:
                _check(item, shape[key], f"{where}.{key}")
    else:
        _check_kind(value, shape, where)


def _check_kind(value: Any, kind: Any, where: str) -> None:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    # bool is an int to Python, but `"timeout": True` is a slip.
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join(each.__name__ for each in kinds)
        raise ConfigError(f"{where} must be {expected}, not {value!r}")


def _check_reporter(reporter: Any, where: str) -> None:
    name, options = (*reporter, {})[:2] if isinstance(reporter, list) and reporter else (reporter, {})
    if not isinstance(name, str) or name not in REPORTERS:
        raise ConfigError(f"{where} must be one of {', '.join(REPORTERS)}, not {name!r}")
    _check(options, REPORTERS[name], where)
    if name == "junit" and not options.get("outputFile"):
        raise ConfigError(f"{where} needs an outputFile")


def _check_shard(shard: Mapping[str, int] | None) -> None:
    if shard and not 1 <= shard.get("current", 0) <= shard.get("total", 0):
        raise ConfigError(f"config.shard: current must lie between 1 and total, not {dict(shard)!r}")
