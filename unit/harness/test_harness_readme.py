"""The harness's README names every key, option, fixture and mark that there is."""

import re
from pathlib import Path

import pytest

from dashboard.testing.harness import (
    accessibility,
    address,
    browsing,
    entry,
    guard,
    options,
    runner,
    served,
    shape,
)

ROOT = Path(__file__).resolve().parents[2]
README = ROOT.joinpath("dashboard/testing/harness/README.md").read_text(encoding="utf-8")
CODE = " ".join(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.M | re.S)))
PLUGINS = (runner, guard, served, browsing, accessibility, address)
# Fixtures of pytest-playwright, which ours replace under the same names.
REPLACED = {"browser", "browser_type", "browser_context_args", "delete_output_dir"}
INTERNAL = {"launched"}
SETS = [values for values in shape.USE.values() if isinstance(values, set)]


def keys(shapes: object) -> set[str]:
    """Every key of a shape and of the shapes in it."""
    if not isinstance(shapes, dict):
        return set()
    return {*shapes, *(key for each in shapes.values() for key in keys(each))}


@pytest.mark.parametrize("key", sorted(keys(shape.CONFIG) | keys(shape.PROJECT)))
def test_readme_names_every_configuration_key(key: str) -> None:
    assert re.search(rf"\b{key}\b", README)


@pytest.mark.parametrize("choice", sorted({each for key in SETS for each in key}))
def test_readme_names_every_choice(choice: str) -> None:
    assert f"`{choice}`" in README


def test_readme_names_every_option() -> None:
    parser = pytest.Parser(_ispytest=True)
    entry.pytest_addoption(parser)
    options.add_options(parser)
    names = [name for option in parser.getgroup("harness").options for name in option.names()]
    assert len(names) > 5
    assert not [name for name in names if not re.search(rf"{name}\b", CODE)]


def test_readme_names_every_fixture() -> None:
    fixture = type(guard.guard)
    names = {name for plugin in PLUGINS for name, each in vars(plugin).items() if isinstance(each, fixture)}
    assert {"guard", "server", "new_context"} < names
    assert not [name for name in names - REPLACED - INTERNAL if not re.search(rf"\b{name}\b", CODE)]


@pytest.mark.parametrize("kind", guard.KINDS)
def test_readme_names_every_kind_of_problem(kind: str) -> None:
    assert f"{kind}=" in CODE
