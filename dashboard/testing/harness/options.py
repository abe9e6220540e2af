"""The configuration as options of pytest and its plugins; the command line overrides it."""

import argparse
import os
import shlex
from collections.abc import Mapping
from typing import Any

import pytest

from dashboard.testing.harness.config import ConfigError, Project, Suite

PER_PROJECT = {"trace": "tracing", "screenshot": "screenshot", "video": "video"}
WATCHED = (
    *("output", "maxfail", "numprocesses", "durations", "durations_min", "xmlpath"),
    *("tracing", "screenshot", "video", "browser", "base_url"),
    *("project", "test_timeout", "global_timeout", "repeat_each", "shard", "forbid_only"),
)


def add_options(parser: pytest.Parser) -> None:
    """Add an option for each key for which neither pytest nor a plugin has one."""
    group = parser.getgroup("harness")
    group.addoption("--project", action="append", metavar="NAME", help="run this project only (repeatable)")
    group.addoption("--timeout", dest="test_timeout", type=int, metavar="MS", help="time for one test")
    group.addoption("--global-timeout", type=int, metavar="MS", help="time for the whole run")
    group.addoption("--repeat-each", type=int, metavar="N", help="run every test N times")
    group.addoption("--shard", type=shard, metavar="CURRENT/TOTAL", help="run one part of the tests")
    group.addoption("--forbid-only", action="store_true", default=None, help="refuse @pytest.mark.only")


def shard(text: str) -> tuple[int, int]:
    """Return `2/3` as (2, 3); raises ArgumentTypeError for any other form."""
    current, _, total = text.partition("/")
    if not (current.isdigit() and total.isdigit() and 1 <= int(current) <= int(total)):
        raise argparse.ArgumentTypeError(f"must look like 1/3, not {text!r}")
    return int(current), int(total)


def given(config: pytest.Config) -> dict[str, Any]:
    """The watched options that the command line, PYTEST_ADDOPTS or the ini file name.

    The plugins' defaults look like explicit values, so the arguments are parsed again
    into a namespace in which options that are not given stay None.
    """
    arguments = [
        *config.getini("addopts"),
        *shlex.split(os.environ.get("PYTEST_ADDOPTS", "")),
        *config.invocation_params.args,
    ]
    blank = argparse.Namespace(**dict.fromkeys(WATCHED))
    parsed = config._parser.parse_known_args(arguments, blank)
    found = {name: getattr(parsed, name) for name in WATCHED}
    if config.option.verbose:
        found["verbose"] = config.option.verbose
    return {name: value for name, value in found.items() if value is not None}


def resolve(suite: Suite, explicit: Mapping[str, Any]) -> dict[str, Any]:
    """Every option of the run by its pytest name; explicit options override configured ones."""
    slow = suite.get("reportSlowTests", {})
    configured = {
        "output": str(suite.root / suite.get("outputDir", "test-results")),
        "maxfail": suite.get("maxFailures"),
        "numprocesses": suite.get("workers"),
        "durations": slow.get("max"),
        "durations_min": slow["threshold"] / 1000 if "threshold" in slow else None,
        "test_timeout": suite.get("timeout"),
        "global_timeout": suite.get("globalTimeout"),
        "repeat_each": suite.get("repeatEach"),
        "shard": (suite.get("shard")["current"], suite.get("shard")["total"]) if suite.get("shard") else None,
        "forbid_only": suite.get("forbidOnly"),
        "base_url": suite.get("webServer", {}).get("url"),
        **_reporters(suite),
    }
    options = {**_without_none(configured), **explicit}
    return {**options, "browser": _browsers(suite, explicit)}


def per_project(project: Project, explicit: Mapping[str, Any]) -> dict[str, Any]:
    """The recording options for the tests of a project: trace, screenshot and video."""
    configured = {option: project.use.get(key) or "off" for key, option in PER_PROJECT.items()}
    return {option: explicit.get(option, value) for option, value in configured.items()}


def _reporters(suite: Suite) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, *rest in suite.get("reporter", []):
        if name == "list":
            found["verbose"] = 1
        if name == "junit":
            found["xmlpath"] = str(suite.root / rest[0]["outputFile"])
    return found


def _browsers(suite: Suite, explicit: Mapping[str, Any]) -> list[str]:
    """The values of `browser_name`: a bare engine named by --browser replaces the projects."""
    if explicit.get("browser"):
        return list(explicit["browser"])
    known = [project.name for project in suite.projects]
    for name in explicit.get("project", []):
        if name not in known:
            raise ConfigError(
                f"--project {name}: there is no such project; choose one of: {', '.join(known)}"
            )
    return list(explicit.get("project") or known)


def _without_none(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
