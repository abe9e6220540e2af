"""Several texts in one cell."""

import pytest

from dashboard.sheets.several import joined, separated

TEXTS = [
    [],
    ["Blue"],
    ["Blue", "Red"],
    ["a; b", "c"],
    ['"quoted"', 'in "quotes" within', '"'],
    ['";"', ";", ";;"],
    ["with, comma", "'=1+1", "ü ß"],
]


@pytest.mark.parametrize("texts", TEXTS)
def test_texts_of_a_cell_are_those_that_it_was_made_of(texts: list[str]) -> None:
    assert separated(joined(texts)) == texts


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("Blue;Red", ["Blue", "Red"]),
        (" Blue ;; Red; ", ["Blue", "Red"]),
        ("Blue\nRed;Green\n", ["Blue", "Red", "Green"]),
        ('"Oak; Elm"; Ash', ["Oak; Elm", "Ash"]),
        ('"Oak ""old"""', ['Oak "old"']),
        ('"Oak; Ash', ['"Oak', "Ash"]),
        ('"Oak" old; Ash', ['"Oak" old', "Ash"]),
        ('""; Ash', ["Ash"]),
        ('"two\nlines"', ["two lines"]),
        (" ; ", []),
    ],
)
def test_cell_is_read_as_people_write_it(cell: str, texts: list[str]) -> None:
    assert separated(cell) == texts


@pytest.mark.parametrize("part", ['"', '";', '"a;', '""', '""";', '";"', ";", "\n", '" ', ' "x'])
def test_long_cell_is_read_at_once(part: str) -> None:
    cell = part * (32_768 // len(part))
    assert sum(map(len, separated(cell))) <= len(cell)
