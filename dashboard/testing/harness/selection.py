"""Selects tests by project, `only` and shard."""

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from dashboard.testing.harness.config import Project, Suite


def belongs(item: pytest.Item, project: Project, suite: Suite) -> bool:
    """Whether a test matches the grep, grepInvert and testMatch of the project."""
    label = " ".join([item.nodeid, *sorted({f"@{marker.name}" for marker in item.iter_markers()})])
    wanted = project.grep is None or re.search(project.grep, label)
    unwanted = project.grep_invert is not None and re.search(project.grep_invert, label)
    return bool(wanted) and not unwanted and _matches(item.path, project.test_match, suite.folder)


def project_name(item: pytest.Item, suite: Suite) -> str:
    """The name of the project of a test; a test without a browser belongs to the first project."""
    callspec = getattr(item, "callspec", None)
    name: str = (callspec.params if callspec else {}).get("browser_name", suite.projects[0].name)
    return name


def focused(items: Iterable[pytest.Item], forbidden: bool) -> list[pytest.Item]:
    """Return the tests marked `only`, or all if there are none; raises UsageError if they are forbidden."""
    everything = list(items)
    only = [item for item in everything if item.get_closest_marker("only")]
    if only and forbidden:
        raise pytest.UsageError(f"forbidOnly: {only[0].nodeid} is marked `only`")
    return only or everything


def one_shard(items: Iterable[pytest.Item], current: int, total: int) -> list[pytest.Item]:
    """Return every `total`-th test by name, so that the shards agree whatever the order of the run."""
    everything = list(items)
    names = sorted(item.nodeid for item in everything)
    mine = set(names[current - 1 :: total])
    return [item for item in everything if item.nodeid in mine]


def _matches(path: Path, patterns: tuple[str, ...], base: Path) -> bool:
    name = path.relative_to(base).as_posix()
    return not patterns or any(fnmatch(name, pattern) for pattern in patterns)
