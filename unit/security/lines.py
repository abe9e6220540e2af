"""The numbered lines of docs/security.md, and the tests whose markers name them.

`python -m unit.security.lines` writes the tests into the document.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from unit.documents import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
COMMAND = ".venv/bin/python -m unit.security.lines"
MARKER = "pytest.mark.security"
NOT_YET = "not yet"
ROW = re.compile(r"^\| (\d+) \| (.*?) \|([^|]*)\|$", re.M)

Held = dict[int, list[str]]


def numbers_in(decorators: list[ast.expr]) -> list[int]:
    """Return the numbers of the lines in markers."""
    calls = [each for each in decorators if isinstance(each, ast.Call) and ast.unparse(each.func) == MARKER]
    return [ast.literal_eval(argument) for call in calls for argument in call.args]


def module_marks(body: list[ast.stmt]) -> list[ast.expr]:
    """Return the markers of a whole file."""
    values = [
        node.value
        for node in body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return [mark for value in values for mark in (value.elts if isinstance(value, ast.List) else [value])]


def marked(body: list[ast.stmt], name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of the tests and classes in `body`, each with the test's name as pytest takes it."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            own = f"{name}::{node.name}"
            yield from ((number, own) for number in numbers_in(node.decorator_list))
            if isinstance(node, ast.ClassDef):
                yield from marked(node.body, own)


def marked_in(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file and its tests, each with the name that pytest takes."""
    name = file.relative_to(ROOT).as_posix()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    yield from ((number, name) for number in numbers_in(module_marks(body)))
    yield from marked(body, name)


def held() -> Held:
    """Return the tests of each line, by its number."""
    found: Held = defaultdict(list)
    for suite in ("unit", "e2e"):
        for file in sorted(ROOT.joinpath(suite).rglob("test_*.py")):
            for number, name in marked_in(file):
                found[number].append(name)
    return dict(found)


def written(document: str, tests: Held) -> str:
    """Return the document with these tests in its third column."""

    def row(found: re.Match[str]) -> str:
        names = "<br>".join(f"`{name}`" for name in sorted(tests.get(int(found[1]), [])))
        return f"| {found[1]} | {found[2]} | {names or NOT_YET} |"

    return ROW.sub(row, document)


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), held()), encoding="utf-8")
