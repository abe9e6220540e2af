"""Reads playwright.config.py by its path, because its name has a dot, checks it and returns a Suite."""

import os
import runpy
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.testing.harness.shape import (
    CONFIG,
    PROJECT,
    ConfigError,
    check,
    check_pattern,
    check_reporter,
    check_required,
)

__all__ = ["ConfigError", "Project", "Suite", "load", "parse"]


@dataclass(frozen=True)
class Project:
    """One way to run the tests; `use` has the top-level `use` merged into it."""

    name: str
    use: Mapping[str, Any] = field(default_factory=dict)
    grep: str | None = None
    grep_invert: str | None = None
    test_match: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """The browser engine that runs the tests: chromium, firefox or webkit."""
        return self.use.get("browserName") or "chromium"


@dataclass(frozen=True)
class Suite:
    """The whole configuration; a key that is None counts as absent."""

    root: Path
    settings: Mapping[str, Any]
    projects: tuple[Project, ...]

    @property
    def folder(self) -> Path:
        """The testDir, outside of which nothing is collected."""
        return Path(self.root, self.get("testDir", ".")).resolve()

    def is_related(self, path: Path) -> bool:
        """Whether a file or folder lies in the testDir, or the testDir in it."""
        path = path.resolve()
        return path.is_relative_to(self.folder) or self.folder.is_relative_to(path)

    def get(self, key: str, default: Any = None) -> Any:
        """A top-level setting, or the default if it is absent or None."""
        value = self.settings.get(key)
        return default if value is None else value

    def project(self, name: str) -> Project:
        """The project of that name, or the top-level settings on a bare engine (--browser)."""
        for project in self.projects:
            if project.name == name:
                return project
        return Project(name, {**self.get("use", {}), "browserName": name})


def load(path: Path) -> Suite:
    """Read the file's `config`; raises ConfigError, one line that names the file and the line or the key."""
    if not path.is_file():
        raise ConfigError(f"{path} does not exist")
    try:
        return parse(_evaluated(path), path.resolve().parent)
    except ConfigError as error:
        place = f"{os.path.relpath(path)}:{error.line}" if error.line else os.path.relpath(path)
        raise ConfigError(f"{place}: {error}", error.line) from error


def parse(config: Any, root: Path) -> Suite:
    """Check a config dict and make it a Suite whose relative paths start at `root`."""
    check(config, CONFIG, "config")
    if config.get("retries"):
        raise ConfigError("config.retries must be 0: a test that needs a second try is a fault")
    for number, reporter in enumerate(config.get("reporter") or []):
        check_reporter(reporter, f"config.reporter[{number}]")
    _check_shard(config.get("shard"))
    _check_workers(config.get("workers"))
    if web_server := config.get("webServer"):
        check_required(web_server, ["command", "url"], "config.webServer")
    suite = Suite(root, config, _projects(config))
    if config.get("testDir") and not suite.folder.is_dir():
        raise ConfigError(f"config.testDir: there is no folder {suite.folder}")
    return suite


def _evaluated(path: Path) -> Any:
    """Return the `config` that the file defines; raises ConfigError if the file cannot be run to its end."""
    try:
        names = runpy.run_path(str(path))
    except SyntaxError as error:
        if error.filename == str(path):
            raise ConfigError(f"{error.msg}: {(error.text or '').strip()}", error.lineno) from error
        raise _raised(error, path) from error
    except (Exception, SystemExit) as error:
        raise _raised(error, path) from error
    if "config" not in names:
        raise ConfigError("it has to define `config`, a dict")
    return names["config"]


def _raised(error: BaseException, path: Path) -> ConfigError:
    """Return the error of the file as a ConfigError at the last of its lines that ran."""
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == str(path)]
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return ConfigError(what, lines[-1] if lines else None)


def _projects(config: Mapping[str, Any]) -> tuple[Project, ...]:
    declared = config.get("projects") or [{"name": "chromium"}]
    for number, project in enumerate(declared):
        _check_project(project, f"config.projects[{number}]")
    names = [project["name"] for project in declared]
    if len(set(names)) < len(names):
        raise ConfigError("config.projects: every name must be unique")
    return tuple(_project(project, config.get("use") or {}) for project in declared)


def _check_project(project: Any, where: str) -> None:
    check(project, PROJECT, where)
    check_required(project, ["name"], where)
    for key in ("grep", "grepInvert"):
        check_pattern(project.get(key), f"{where}.{key}")


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


def _check_shard(shard: Mapping[str, int] | None) -> None:
    if shard and not 1 <= shard.get("current", 0) <= shard.get("total", 0):
        raise ConfigError(f"config.shard: current must lie between 1 and total, not {dict(shard)!r}")


def _check_workers(workers: int | str | None) -> None:
    if isinstance(workers, str) and workers not in ("auto", "logical"):
        raise ConfigError(f"config.workers must be a number, auto or logical, not {workers!r}")
