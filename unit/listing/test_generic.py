"""Lists and searches serve any kind of record: their code names no kind and no column of one."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "dashboard"
FILES = sorted(path for name in ("listing", "search") for path in PACKAGE.joinpath(name).glob("*.py"))
OF_A_KIND = re.compile(r"categor|currenc|price|sku|product|\bcatalogue\b|\bshel(f|ves)\b", re.I)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_generic_code_names_no_kind_of_record(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if OF_A_KIND.search(line)]
