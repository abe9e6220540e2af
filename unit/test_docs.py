"""The README says what there is, and promises nothing without a test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from dashboard.cli import main
from dashboard.config import KNOWN, PREFIX
from dashboard.permissions import Role, grants

ROOT = Path(__file__).resolve().parents[1]
LOCKS = [f"requirements/{name}.lock" for name in ("runtime", "dev", "bench", "injection")]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")
HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|^-[if] ", re.M)


def section(title: str) -> str:
    """The text under a heading, up to the next of its level."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", README, re.M | re.S)
    assert found, f"the README has no section {title!r}"
    return found[1]


def table(title: str) -> list[list[str]]:
    """The rows of the first table of a section, without its head; a ``\\|`` is no border."""
    rows = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]]


def commands(group: click.Group, name: str = "dashboard") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name."""
    for part, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {part}")
        else:
            yield f"{name} {part}", command


COMMANDS = dict(commands(main))


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    named = [re.findall(r"`(\w+)`", row[0]) for row in table("Settings")]
    assert sorted(name for row in named for name in row) == sorted(PREFIX + name for name in KNOWN)


def test_every_setting_has_a_default_and_a_meaning() -> None:
    assert not [row for row in table("Settings") if len(row) != 3 or not all(row)]


def usages() -> dict[str, str]:
    """What the README says of each command: its usage, by its name."""
    said = [re.findall(r"`(dashboard[^`]*)`", row[0])[0] for row in table("Commands")]
    return {re.match(r"[a-z ]+", usage)[0].strip(): usage for usage in said}  # type: ignore[index]


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    assert set(usages()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_of_a_command_stands_in_the_readme(name: str) -> None:
    usage = usages()[name]
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Argument):
            assert parameter.human_readable_name.upper() in usage.split()
        else:
            assert parameter.opts[0] in usage
            assert parameter.required or f"[{parameter.opts[0]}" in usage
    options = set(re.findall(r"--[a-z-]+", usage))
    assert options == {p.opts[0] for p in COMMANDS[name].params if isinstance(p, click.Option)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_its_own_purpose(name: str) -> None:
    assert COMMANDS[name].get_short_help_str()


def test_every_role_stands_in_the_readme_in_order() -> None:
    assert [re.findall(r"`(\w+)`", row[0]) for row in table("Roles")] == [[role.value] for role in Role]


def test_every_permission_stands_with_the_first_role_that_has_it(context: Flask) -> None:
    *rows, last = table("Roles")
    assert last[1].startswith("everything")
    held: set[str] = set()
    for row, role in zip(rows, Role, strict=False):
        held |= set(re.findall(r"`(\w+:\w+)`", row[1]))
        assert held == grants().of(role)
    assert held <= grants().of(Role.OWNER)


PROMISES = table("Promises")
IDS = sorted({name for row in PROMISES for name in re.findall(r"`([^`]+)`", row[1])})


def test_the_readme_promises_something_and_names_what_keeps_it() -> None:
    assert len(PROMISES) >= 10
    assert not [row for row in PROMISES if len(row) != 2 or not re.findall(r"`[^`]+::[^`]+`", row[1])]


@pytest.mark.parametrize("name", IDS)
def test_every_promise_names_a_test_that_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert ROOT.joinpath(file).is_file()
    body = ast.parse(ROOT.joinpath(file).read_text(encoding="utf-8")).body
    assert test in [node.name for node in body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("suite", ["unit", "e2e"])
def test_both_suites_keep_promises(suite: str) -> None:
    assert [name for name in IDS if name.startswith(f"{suite}/")]


def test_no_promise_is_kept_by_a_test_outside_of_the_suites() -> None:
    assert not [name for name in IDS if not name.startswith(("unit/", "e2e/"))]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host(name: str) -> None:
    text = ROOT.joinpath(name).read_text(encoding="utf-8")
    assert not HOST.search(text)


@pytest.mark.security(88)
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_every_package_with_its_hashes(name: str) -> None:
    text = ROOT.joinpath(name).read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert packages
    assert not [line.split()[0] for line in packages if "==" not in line or "--hash=sha256:" not in line]


def test_the_pictures_of_the_readme_exist() -> None:
    for path in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README):
        assert ROOT.joinpath(path).is_file()


@pytest.mark.parametrize("target", ["run", "test", "unit", "e2e", "lint", "bench", "injection", "lock"])
def test_the_makefile_has_the_targets_and_says_what_they_do(target: str) -> None:
    assert re.search(rf"^{target}:.*## \S", ROOT.joinpath("Makefile").read_text(), re.M)


def test_what_has_to_hold_before_a_change_goes_in_runs_the_readmes_own_command() -> None:
    run = ROOT.joinpath(".ci", "run").read_text().splitlines()
    asked = [line.strip() for line in section("Begin").splitlines() if line.startswith("    make")]
    assert asked[-1] == "make test"
    assert [line for line in run if line.startswith("make")] == ["make lint", "make test"]
