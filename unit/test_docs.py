"""The documentation says what there is, promises nothing without a test, and has no dead links."""

import ast
import importlib
import re
import tomllib
from pathlib import PurePosixPath

import click
import pytest
from flask import Flask

from dashboard.admin.screens.categories import CategoryView
from dashboard.config import KNOWN
from dashboard.permissions import Role, grants
from dashboard.variables import PREFIX
from unit.declared import COMMANDS
from unit.documents import PAGES, ROOT, anchors, code, inline, links, rows, section, table, text

README, OPERATING, FEATURES = "README.md", "docs/operating.md", "docs/features.md"
LOCKS = [f"requirements/{name}.lock" for name in ("runtime", "dev", "bench", "injection")]
HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|^-[if] ", re.M)
README_LINES = 150
DECISIONS = 10
IN_PROJECT = re.compile(
    r"(?:dashboard|unit|e2e|bench|templates|static|docs|admin|web|migrations|cli)/[\w/.]*"
)
AHEAD: set[str] = set()


def test_readme_is_short_and_has_two_pictures() -> None:
    assert len(text(README).splitlines()) <= README_LINES
    assert len(re.findall(r"!\[[^]]+\]", text(README))) == 2


# The settings, commands and rules of the code.


def test_every_setting_is_documented_and_no_other() -> None:
    named = [re.findall(r"`(\w+)`", row[0]) for row in table(OPERATING, "Settings")]
    assert sorted(name for row in named for name in row) == sorted(PREFIX + name for name in KNOWN)


def test_every_setting_has_a_default_and_a_meaning() -> None:
    assert not [row for row in table(OPERATING, "Settings") if len(row) != 3 or not all(row)]


def usages() -> dict[str, str]:
    """Return the documented usage of each command by its name."""
    said = [re.findall(r"`(dashboard[^`]*)`", row[0])[0] for row in table(OPERATING, "Commands")]
    return {re.match(r"[a-z -]+", usage)[0].strip(): usage for usage in said}  # type: ignore[index]


def test_every_command_is_documented_and_no_other() -> None:
    assert set(usages()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_of_a_command_is_documented(name: str) -> None:
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
def test_every_command_has_a_short_help(name: str) -> None:
    assert COMMANDS[name].get_short_help_str()


@pytest.mark.parametrize("document", PAGES)
def test_every_command_and_setting_that_a_page_names_exists(document: str) -> None:
    settings = {PREFIX + name for name in KNOWN} | {"DASHBOARD_TEST_DATABASE_URL"}
    assert set(re.findall(r"\bDASHBOARD_[A-Z_]+\b", text(document))) <= settings
    named = [re.match(r"dashboard((?: [a-z][a-z-]*)+)", each) for each in inline(document)]
    groups = {name.rpartition(" ")[0] for name in COMMANDS} | set(COMMANDS)
    assert not [found[0] for found in named if found and found[0] not in groups]


def test_every_role_is_documented_in_order() -> None:
    assert [re.findall(r"`(\w+)`", row[0]) for row in table(FEATURES, "Roles")] == [
        [role.value] for role in Role
    ]


def test_every_permission_stands_with_the_first_role_that_has_it(context: Flask) -> None:
    *upper, last = table(FEATURES, "Roles")
    assert last[1].startswith("everything")
    held: set[str] = set()
    for row, role in zip(upper, Role, strict=False):
        held |= set(re.findall(r"`(\w+:\w+)`", row[1]))
        assert held == grants().of(role)
    assert held <= grants().of(Role.OWNER)


def test_every_make_target_is_documented_and_no_other() -> None:
    targets = re.findall(r"^([a-z0-9-]+):.*## \S", text("Makefile"), re.M)
    documented = [re.findall(r"`make ([\w-]+)`", row[0])[0] for row in table("CONTRIBUTING.md", "Set up")]
    assert sorted(documented) == sorted(targets)


@pytest.mark.parametrize("document", PAGES)
def test_every_make_target_that_a_page_names_exists(document: str) -> None:
    targets = re.findall(r"^([a-z0-9-]+):", text("Makefile"), re.M)
    named = [found[1] for each in inline(document) if (found := re.match(r"make ([a-z0-9-]+)", each))]
    assert set(named) <= set(targets)


# Promises.


PROMISES = [row for part in re.split(r"^## ", text("docs/promises.md"), flags=re.M)[1:] for row in rows(part)]
IDS = sorted({name for row in PROMISES for name in re.findall(r"`([^`]+)`", row[1])})


def test_every_promise_names_a_test() -> None:
    assert len(PROMISES) >= 71
    assert not [row for row in PROMISES if len(row) != 2 or not re.findall(r"`[^`]+::[^`]+`", row[1])]


@pytest.mark.parametrize("name", IDS)
def test_tests_that_promises_name_exist(name: str) -> None:
    file, _, test = name.partition("::")
    assert ROOT.joinpath(file).is_file()
    body = ast.parse(text(file)).body
    assert test in [node.name for node in body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("suite", ["unit", "e2e"])
def test_both_suites_keep_promises(suite: str) -> None:
    assert [name for name in IDS if name.startswith(f"{suite}/")]


def test_no_promise_is_kept_by_a_test_outside_of_the_suites() -> None:
    assert not [name for name in IDS if not name.startswith(("unit/", "e2e/"))]


# Links, paths and code.


@pytest.mark.parametrize("document", PAGES)
def test_every_link_leads_to_a_page_and_a_heading_that_exist(document: str) -> None:
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent.joinpath(path).resolve() if path else ROOT / document
        name = target.relative_to(ROOT).as_posix()
        assert target.exists() or name in AHEAD, link
        assert not anchor or anchor in anchors(name), link


def test_every_page_is_reached_from_the_readme() -> None:
    reached = {PurePosixPath(link.partition("#")[0]).as_posix() for link in links(README)}
    assert {page for page in PAGES if page != README} <= reached


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md"])
def test_every_path_that_a_page_names_exists(document: str) -> None:
    named = [each for each in inline(document) if IN_PROJECT.fullmatch(each)]
    assert not [
        each for each in named if not any((ROOT / base / each).exists() for base in ("", "dashboard"))
    ]


def drawn() -> list[list[list[str]]]:
    """The drawings of the architecture, each as its layers from above, a layer as its parts."""
    layers = [
        re.findall(r"^(\w+(?: · \w+)*)(?=  |$)", block, re.M)
        for block in code("docs/architecture.md", "text")
    ]
    return [[layer.split(" · ") for layer in each] for each in layers]


def test_the_drawings_have_the_layers_that_the_linter_checks() -> None:
    settings = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]
    contracts = [each["layers"] for each in settings["contracts"] if each["type"] == "layers"]
    assert contracts
    for layers in contracts:
        names = [[name.strip().rpartition(".")[2] for name in layer.split("|")] for layer in layers]
        assert names in drawn(), f"draw in docs/architecture.md: {names}"


def test_example_screen_of_the_readme_matches_the_code() -> None:
    (example,) = code(README, "python")
    *imports, screen = ast.parse(example).body
    for node in imports:
        assert isinstance(node, ast.ImportFrom)
        module = importlib.import_module(str(node.module))
        assert not [name.name for name in node.names if not hasattr(module, name.name)]
    assert isinstance(screen, ast.ClassDef)
    assert [ast.unparse(base) for base in screen.bases] == [base.__name__ for base in CategoryView.__bases__]
    said = {ast.unparse(each.targets[0]): each.value for each in screen.body if isinstance(each, ast.Assign)}
    assert len(said) >= 4
    assert not [name for name in said if name not in vars(CategoryView)]
    features = [ast.unparse(each.func) for each in said["features"].elts]
    assert features == [type(each).__name__ for each in CategoryView.features]


def test_decisions_say_what_was_decided_and_what_it_costs() -> None:
    titles = re.findall(r"^## (.+)$", text("docs/decisions.md"), re.M)
    assert len(titles) >= DECISIONS
    assert not [title for title in titles if "The cost is" not in section("docs/decisions.md", title)]


# Locks and the first commands.


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host(name: str) -> None:
    assert not HOST.search(text(name))


@pytest.mark.security(88)
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_every_package_with_its_hashes(name: str) -> None:
    joined = text(name).replace("\\\n", " ")
    packages = [line for line in joined.splitlines() if line and not line.startswith(("#", " "))]
    assert packages
    assert not [line.split()[0] for line in packages if "==" not in line or "--hash=sha256:" not in line]


@pytest.mark.parametrize(
    "target",
    ["run", "test", "unit", "e2e", "lint", "bench", "bench-import", "tasks", "injection", "lock"],
)
def test_the_makefile_has_the_targets_and_says_what_they_do(target: str) -> None:
    assert re.search(rf"^{target}:.*## \S", text("Makefile"), re.M)


def test_the_readme_begins_with_its_two_commands() -> None:
    asked = [line.strip() for line in section(README, "Begin").splitlines() if line.startswith("    ")]
    assert asked == ["make run", "make test"]


def test_ci_runs_the_commands_of_the_readme() -> None:
    run = text(".ci/run").splitlines()
    assert [line for line in run if line.startswith("make")] == ["make lint", "make test"]
