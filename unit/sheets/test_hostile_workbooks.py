"""Workbooks that ask for more than a table needs are refused in plain words, quickly and in little memory."""

import errno
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.refusal import Refusal
from dashboard.sheets import spreadsheet
from dashboard.sheets.extent import Extent
from dashboard.sheets.limits import Limits
from dashboard.sheets.workbook import Workbook
from unit.sheets.workbooks import PARTS, SHEET, SPACE, converted, with_cells, with_parts, with_rows

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DTD = f'<!DOCTYPE x [<!ENTITY l0 "laugh">{LAUGHS}]>'
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bomb.xlsx"


def far_corners(path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 20_001)
    )
    with_cells(path, rows)


def far_rows(path: Path) -> None:
    with_cells(path, f'{ROW}<row r="1048576"><c r="GR1048576"><v>1</v></c></row>')


def many_cells(path: Path) -> None:
    with_cells(path, '<row r="1">' + "<c/>" * 300_000 + "</row>")


def blanks(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            for _ in range(40):
                sheet.write(b" " * 1_000_000)


def long_tag(path: Path) -> None:
    with_cells(path, f'<row r="1"><c r="{"A" * 30_000_000}"/></row>')


def laughs_in_sheet(path: Path) -> None:
    with_parts(path, {SHEET: f"{DTD}<worksheet {SPACE}><sheetData>&l9;</sheetData></worksheet>"})


def laughs_in_texts(path: Path) -> None:
    with_cells(path, ROW, **{"xl/sharedStrings.xml": f"{DTD}<sst {SPACE}><si><t>&l9;</t></si></sst>"})


def laughs_in_workbook(path: Path) -> None:
    with_parts(path, {"xl/workbook.xml": DTD + PARTS["xl/workbook.xml"], SHEET: f"<worksheet {SPACE}/>"})


def one_text_in_all_cells(path: Path) -> None:
    with_cells(
        path,
        "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001)),
        **{
            "xl/sharedStrings.xml": f"<sst {SPACE}><si><t>{'x' * 32_000}</t></si></sst>",
            "xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace(
                "</Relationships>",
                '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            ),
        },
    )


def lying_directory(path: Path) -> None:
    with_cells(path, ROW + " " * 30_000_000)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    path.write_bytes(data.replace(size, (1000).to_bytes(4, "little")))


def nested(path: Path) -> None:
    with_cells(path, "<row>" * 100_000)


def same_part_twice(path: Path) -> None:
    with_cells(path, ROW)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.upper(), "<x/>")


CONVERTING = """
import json, resource, sys
from pathlib import Path
from time import process_time
from dashboard.refusal import Refusal
from dashboard.sheets.limits import Limits
from dashboard.sheets.spreadsheet import convert
source, target = map(Path, sys.argv[1:])
begun, said = process_time(), ""
try:
    convert(source, target, Limits(cells=200_000))
except Refusal as refusal:
    said = str(refusal)
children = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = process_time() - begun + children.ru_utime + children.ru_stime
print(json.dumps([said, seconds, children.ru_maxrss]))
"""
"""A small process of its own: what another one forks begins as large as that, and the suite is large."""


def refused(path: Path) -> str:
    """The words that refuse a workbook; fails where that takes 3 seconds of the processor or 300 MB."""
    command = [sys.executable, "-c", CONVERTING, str(path), str(path.with_suffix(".csv"))]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    said, seconds, kilobytes = json.loads(run.stdout)
    assert seconds < 3
    assert kilobytes < 300_000
    return said


@pytest.mark.security(70, 71)
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (far_corners, "This sheet uses columns A to XFD. 200 columns are allowed. Delete the others."),
        (far_rows, "more than 200,000 cells between A1 and GR1048576. Delete what is not part"),
        (many_cells, "This sheet has more than 200,000 cells."),
        (blanks, "unpacks to far more than a table needs"),
        (long_tag, "holds a tag that is too long"),
        (laughs_in_sheet, "declares types of its own (a DTD)"),
        (laughs_in_texts, "declares types of its own (a DTD)"),
        (laughs_in_workbook, "declares types of its own (a DTD)"),
        (one_text_in_all_cells, "more memory"),
        (lying_directory, "is damaged"),
        (nested, "is damaged"),
        (same_part_twice, "is damaged"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bomb_is_refused_quickly_and_in_little_memory(
    path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(path)
    assert said in refused(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.security(70)
def test_sheet_that_takes_too_long_is_refused(path: Path) -> None:
    with_rows(path, ["a"], [1])
    with pytest.raises(Refusal, match="longer than 0 seconds to read"):
        converted(path, Limits(seconds=0))


@pytest.mark.security(70)
def test_text_of_a_sheet_is_bounded(path: Path) -> None:
    with_rows(path, *(["x" * 1000, number] for number in range(60)))
    with pytest.raises(Refusal, match="too long as text"):
        converted(path, Limits(bytes=6_000))


def test_password_is_named(path: Path) -> None:
    with_rows(path, ["a"], [1])
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Refusal, match="has a password"):
        spreadsheet.sheets(path, Limits())


def test_part_before_the_beginning_of_the_file_is_damaged(path: Path) -> None:
    data = bytearray(with_cells(path, ROW).read_bytes())
    directory = int.from_bytes(data[-6:-2], "little")
    data[-6:-2] = (directory + 1000).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Refusal, match="is damaged"):
        converted(path)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("_rels/.rels", b""),
        ("xl/workbook.xml", b"<"),
        ("xl/_rels/workbook.xml.rels", b"\0\xff"),
        (SHEET, b"<a>&unknown;</a>"),
        (SHEET, b"<worksheet/><more/>"),
        (SHEET, b"<worksheet>"),
    ],
)
def test_damaged_part_is_refused(path: Path, part: str, text: bytes) -> None:
    with_parts(path, {SHEET: f"<worksheet {SPACE}/>", part: text})
    with pytest.raises(Refusal, match=r"damaged|no sheet"):
        converted(path)


TAGS = """
<row> <row r='2'> <row r='x'> </row> <c> <c r='A1'> <c r='C9' t='e'> <c r=''> <c r='1'> <c r='AAAA1'> </c>
<c r='XFD1048576'> <v> </v> <f> </f> <is> </is> #N/A <x:c> &lt; &x; <!----> <![CDATA[x]]> <!DOCTYPE a>
"""
MARKUP = st.sampled_from([tag.encode() for tag in re.findall(r"<[^>]*>|[^\s<]+", TAGS)])


@pytest.mark.security(71)
@given(st.lists(MARKUP | st.binary(max_size=3), max_size=30).map(b"".join))
def test_any_markup_is_counted_or_refused(text: bytes) -> None:
    with NamedTemporaryFile() as file:
        path = with_parts(Path(file.name), {SHEET: b"<a>" + text + b"</a>"})
        try:
            extent = Extent(Workbook(path, Limits()), SHEET, Limits())
        except Refusal as refusal:
            assert str(refusal).endswith(".")
        else:
            assert extent.area <= 20_000_000
            assert all(0 <= row <= extent.last_row for row in extent.errors)


def test_reading_process_is_confined() -> None:
    code = f"""
import os, resource, socket, sys
sys.path.insert(0, {str(spreadsheet.ROOT)!r})
from dashboard.sheets.conversion import Limits, confine, refuse_files_but_one
confine(Limits(bytes=1000, seconds=5))
score = open("/proc/self/oom_score_adj").read().strip()
refuse_files_but_one()
file = open("/dev/null")
try:
    socket.socket()
except OSError as error:
    print("no socket", error.errno)
try:
    bytearray(300_000_000)
except MemoryError:
    print("no memory")
print("score", score)
print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_FSIZE))
"""
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert run.stdout.splitlines() == [
        f"no socket {errno.EMFILE}",
        "no memory",
        "score 1000",
        "(5, 6) (10000, 10000)",
    ], run.stderr
