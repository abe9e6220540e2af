"""The rows of a text: each has its number, and a fault is one of its row."""

import pytest

from dashboard.refusal import Refusal
from dashboard.sheets.limits import FIELD_LENGTH, NAME_LENGTH, ROW_LENGTH, Limits
from dashboard.sheets.reading import rows
from unit.sheets.tables import LIMITS, content, names, read, recognised

HEAD = "sku,name,note\n"


def faults(text: str | bytes, **changes: object) -> dict[int, str]:
    """The rows that have a fault, by their numbers."""
    return {row.number: row.fault for row in read(text, **changes) if row.fault}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_have_the_numbers_of_a_spreadsheet(end: str) -> None:
    text = 'sku,name,note\nA1,"two\nlines",x\n\nA2,Lamp,"three\n\nlines"\nA3,,'.replace("\n", end)
    assert [(row.number, row.line, row.cells) for row in read(text)] == [
        (2, 3, ["A1", f"two{end}lines", "x"]),
        (4, 7, ["A2", "Lamp", f"three{end}{end}lines"]),
        (5, 8, ["A3", "", ""]),
    ]


def test_blank_rows_are_skipped_and_counted() -> None:
    text = "\n , \n" + HEAD + "\nA1,Lamp,x\n,,\n \t , ,\n\nA2,Chair,y\n"
    found = rows(content(text), recognised(text), LIMITS)
    assert [(row.number, row.fault) for row in found] == [(5, None), (9, None)]
    assert found.blank == 4


def test_reading_resumes_after_a_row() -> None:
    text = HEAD + 'A1,Lamp,"x\ny"\n\nA2,Chair,\nA3,Table,\n'
    whole = read(text)
    assert read(text, start=0) == whole
    assert read(text, start=2) == read(text, start=3) == whole[1:]
    assert read(text, start=5) == read(text, start=99) == []


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("sku,name", ("sku", "name")),
        (" sku ,unit   price\t", ("sku", "unit price")),
        ("sku,name,,", ("sku", "name")),
        ('"two\nlines",b', ("two lines", "b")),
        ("\ufeffsku,b", ("sku", "b")),
        ("Größe,b", ("Größe", "b")),
    ],
)
def test_header_gives_the_names_of_columns(header: str, found: tuple[str, ...]) -> None:
    assert names(f"{header}\n1,2\n") == found


@pytest.mark.security(71)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sku,,name\n1,2,3\n", "Column B has no name in the header. Name or remove it."),
        ("sku,name,sku\n1,2,3\n", "Columns A and C have the same name, “sku”. Rename or remove one."),
        ("sku,Unit price,unit  PRICE \n1,2,3\n", "Columns B and C have the same name, “unit PRICE”."),
        ("STRASSE,straße\n1,2\n", "Columns A and B have the same name"),
        ("s\0ku,name\n1,2\n", "Column A has a name that can't be read."),
        (b"\xef\xbb\xbfs\xe4,name\n1,2\n", "Column A has a name that can't be read."),
        (
            f"sku,{'x' * (NAME_LENGTH + 1)}\n1,2\n",
            "Column B has a name of more than 200 characters. Is the first",
        ),
        (",".join(f"c{n}" for n in range(21)) + "\n", "The header has 21 columns. 20 are allowed."),
        ("sku,name\n", "This file has a header, but no rows below it."),
        ("sku,name\n,\n \n", "This file has a header, but no rows below it."),
        (",,\n,\n", "This file is empty."),
        ("sep=;\n", "This file is empty."),
    ],
)
def test_header_that_names_no_columns_is_refused(text: str | bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        names(text)
    assert said in str(refused.value)


def test_columns_beyond_z_have_two_letters() -> None:
    header = ",".join([*(f"c{n}" for n in range(27)), "", "end"])
    with pytest.raises(Refusal, match="Column AB has no name"):
        list(rows(content(f"{header}\n1\n"), recognised(f"{header}\n"), Limits()))


@pytest.mark.security(71)
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A1,Lamp", "This row has 2 cells, the header has 3."),
        ("A1", "This row has 1 cell, the header has 3."),
        ("A1,Lamp,x,y", "This row has 4 cells, the header has 3."),
        ("A1,La\0mp,x", "“name” holds a NUL character."),
        ("A1,Lamp," + "x" * 1001, "“note” is longer than 1,000 characters."),
        (
            "A1,Lamp," + "x" * (FIELD_LENGTH + 9),
            f"A cell of this row is longer than {FIELD_LENGTH:,} characters.",
        ),
        (b"A1,L\xc3mp,x", "“name” holds bytes that are no text in the encoding of the file."),
        (b"A1,Lamp,\xed\xa0\x80", "“note” holds bytes that are no text in the encoding of the file."),
    ],
)
def test_fault_of_a_row_leaves_the_others_as_they_are(row: str | bytes, said: str) -> None:
    middle = row.encode() if isinstance(row, str) else row
    text = b"\xef\xbb\xbf" + HEAD.encode() + b"A0,Lamp,x\n" + middle + b"\r\nA2,Lamp,x\n"
    found = read(text)
    assert [(each.number, each.fault) for each in found] == [(2, None), (3, said), (4, None)]
    assert found[2].cells == ["A2", "Lamp", "x"]


def test_half_of_a_character_of_utf_16_is_a_fault() -> None:
    text = b"\xff\xfe" + "sku,name\nA1,x".encode("utf-16-le") + b"\x00\xd8" + "\nA2,y\n".encode("utf-16-le")
    assert [row.fault is None for row in read(text)] == [False, True]
    assert faults(text[:-1]).keys() == {2, 3}


def test_empty_cells_beyond_the_header_are_no_fault() -> None:
    assert [row.cells for row in read(HEAD + "A1,Lamp,x,, ,\n")] == [["A1", "Lamp", "x"]]


def test_longest_cell_is_taken() -> None:
    assert not faults(HEAD + "A1," + "x" * 1000 + "," + "y" * 1000 + "\n")


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_errors_of_a_spreadsheet_are_faults_where_it_was_one(error: str) -> None:
    text = HEAD + f"A1,Lamp,{error}\nA2,Lamp #1,see {error}\n"
    assert not faults(text)
    assert faults(text, of_workbook=True) == {2: "“note” holds an error of the spreadsheet, such as #N/A."}


@pytest.mark.security(70)
def test_too_many_rows_are_refused_where_they_begin() -> None:
    few = Limits(rows=2)
    assert len(read(HEAD + "1,2,3\n4,5,6\n", limits=few)) == 2
    found = iter(rows(content(HEAD + "1,2,3\n4,5,6\n7,8,9\n"), recognised(HEAD), few))
    assert [next(found).number, next(found).number] == [2, 3]
    with pytest.raises(Refusal, match="more than 2 rows"):
        next(found)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (
            'A2,"Lamp,x\nA3,Lamp,x\n',
            "Row 4, which begins on line 5 of the file, can't be read: a quote (\") opens",
        ),
        (
            'A2,"Lamp" large,x\nA3,Lamp,x\n',
            "Row 4, which begins on line 5 of the file, can't be read: text follows",
        ),
        (
            'A2,Lamp,"' + "x" * FIELD_LENGTH * 2 + '"\n',
            "Row 4, which begins on line 5 of the file, can't be read",
        ),
        ('A2,Lamp,"' + "x\n" * FIELD_LENGTH, "Row 4, which begins on line 5 of the file, can't be read"),
    ],
)
def test_quote_that_is_not_closed_names_the_row_where_it_began(rest: str, said: str) -> None:
    text = HEAD + 'A0,"two\nlines",x\nA1,Lamp,x\n'
    found = iter(rows(content(text + rest), recognised(text), LIMITS))
    assert [next(found).number, next(found).number] == [2, 3]
    with pytest.raises(Refusal) as refused:
        next(found)
    assert said in str(refused.value)


def test_row_that_is_too_long_is_refused_and_not_taken_into_memory() -> None:
    text = HEAD + "A1,Lamp,x\n" + "x," * (ROW_LENGTH // 2) + "x\nA2,Lamp,x\n"
    found = iter(rows(content(text), recognised(HEAD), LIMITS))
    next(found)
    with pytest.raises(Refusal, match=r"^Row 3 can't be read: it is longer than 1,048,576 characters\.$"):
        next(found)


def test_row_of_very_many_columns_is_a_fault_and_cut() -> None:
    found = read(HEAD + "," * 500_000 + "x\nA2,Lamp,x\n")
    assert found[0].fault == "This row has 500,001 cells, the header has 3."
    assert len(found[0].cells) == LIMITS.columns
    assert found[1].cells == ["A2", "Lamp", "x"]


DATES = ["2026-03-31", "31.03.2026", "03/31/2026", "31 Mar 2026", "46112"]
NUMBERS = ["1,50", "1.234,50", "00123", "1e5", "+49 30 1", "50 %", "\u22125", "TRUE"]


@pytest.mark.parametrize("text", [*DATES, *NUMBERS])
def test_dates_and_numbers_are_left_as_they_are_written(text: str) -> None:
    assert read(f"sku;value\nA1;{text}\nA2;{text}\n")[0].cells == ["A1", text]


def test_range_pasted_from_a_spreadsheet_is_read_with_tabs() -> None:
    text = 'sku\tname\tprice\r\nA1\t"two\r\nlines, ""quoted"""\t1,50\r\nA2\tLamp; large\t2,50'
    assert [row.cells for row in read(text)] == [
        ["A1", 'two\r\nlines, "quoted"', "1,50"],
        ["A2", "Lamp; large", "2,50"],
    ]


@pytest.mark.parametrize(
    ("cell", "text"), [("'=1+1", "=1+1"), ("''=1", "'=1"), ("'s-Gravenhage", "'s-Gravenhage")]
)
def test_apostrophe_that_keeps_a_formula_from_running_is_removed(cell: str, text: str) -> None:
    assert read(f"sku,name\nA1,{cell}\n")[0].cells == ["A1", text]
    assert read(f"sku,name\nA1,{cell}\n", of_workbook=True)[0].cells == ["A1", cell]
