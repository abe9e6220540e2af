"""docs/security.md names the tests of each line, as their markers do."""

import ast
import re

import pytest

from unit.security.lines import (
    COMMAND,
    DOCUMENT,
    NOT_YET,
    ROOT,
    ROW,
    held,
    marked,
    marked_in,
    numbers_in,
    written,
)

TEXT = DOCUMENT.read_text(encoding="utf-8")
TESTS = held()
ROWS = ROW.findall(TEXT)
NUMBERED = re.compile(r"def test_line_?[0-9]|class TestLines?[0-9]")


def test_lines_are_numbered_without_gaps() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 90))
    assert all(words for _, words, _ in ROWS)


def test_every_marker_names_a_line_that_exists() -> None:
    assert set(TESTS) <= {int(number) for number, _, _ in ROWS}


def test_document_names_the_tests_of_each_line() -> None:
    assert written(TEXT, TESTS) == TEXT, f"docs/security.md is out of date. Run: {COMMAND}"


@pytest.mark.parametrize("suite", ["unit", "e2e"])
def test_no_test_name_contains_a_line_number(suite: str) -> None:
    files = ROOT.joinpath(suite).rglob("test_*.py")
    assert not [file for file in files if NUMBERED.search(file.read_text(encoding="utf-8"))]


def test_every_line_is_held_by_a_test() -> None:
    assert not [number for number, _, tests in ROWS if tests.strip() == NOT_YET]


def test_markers_are_read_from_a_file_its_classes_and_its_tests() -> None:
    code = (
        "import pytest\n"
        "@pytest.mark.security(24, 25)\n"
        "class TestCookie:\n"
        "    @pytest.mark.parametrize('x', [1])\n"
        "    @pytest.mark.security(37)\n"
        "    def test_back(self, x): ...\n"
        "def test_other(): ...\n"
    )
    found = list(marked(ast.parse(code).body, "unit/test_x.py"))
    name = "unit/test_x.py::TestCookie"
    assert found == [(24, name), (25, name), (37, f"{name}::test_back")]


def test_markers_of_a_file_stand_beside_others() -> None:
    both = ROOT / "unit" / "serving" / "test_slow_clients.py"
    assert (86, "unit/serving/test_slow_clients.py") in list(marked_in(both))


def test_only_security_markers_count() -> None:
    marks = ast.parse(
        "[pytest.mark.slow(3), pytest.mark.security, pytest.mark.security(4)]", mode="eval"
    ).body
    assert isinstance(marks, ast.List)
    assert numbers_in(marks.elts) == [4]
