"""Code for every kind of record names no kind and no column of one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "dashboard"
PARTS = ("admin/kit", "admin/ledger", "admin/features", "trash", "background", "history")
FILES = sorted(path for part in PARTS for path in PACKAGE.joinpath(part).glob("*.py"))
KNOW_KEYS = {"history", "migrations"}
OF_A_KIND = re.compile(r"category_id|categories|currenc|price|\bsku|product|catalogue", re.I)


def said(tree: ast.Module) -> Iterator[str]:
    """Every name and text of a module's code; docstrings may give examples."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield node.value
        yield from (str(getattr(node, part)) for part in ("id", "attr", "arg", "name") if hasattr(node, part))


def is_attribute_text(text: str) -> bool:
    """Whether a text stands after a declaration and explains it, as a docstring does."""
    return text.endswith((".", ". ")) and " " in text


@pytest.mark.parametrize(
    "path", [PACKAGE / "registry.py", *FILES], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_generic_code_names_no_kind_of_record(path: Path) -> None:
    words = said(ast.parse(path.read_text(encoding="utf-8")))
    assert not [text for text in words if OF_A_KIND.search(text) and not is_attribute_text(text)]


def test_name_of_a_kind_is_found() -> None:
    [found] = [text for text in said(ast.parse("row.category_id")) if OF_A_KIND.search(text)]
    assert found == "category_id"


OUTSIDE = sorted(
    path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in KNOW_KEYS
)


@pytest.mark.parametrize("path", sorted(OUTSIDE), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_history_reads_the_column_of_plain_keys(path: Path) -> None:
    """The changes of records whose key is a text have no number there."""
    assert "record_id" not in said(ast.parse(path.read_text(encoding="utf-8")))
