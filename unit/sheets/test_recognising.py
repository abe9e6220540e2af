"""A file is told by its content: kind, encoding and delimiter; what its bytes do not say is asked."""

import codecs
import gzip
import io
import zipfile

import pytest

from dashboard.refusal import Refusal
from dashboard.sheets.encodings import ENCODINGS
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.recognising import recognise
from unit.sheets.tables import LIMITS, asked, content, read, recognised

TABLE = "sku,name\nA1,Käse\n"


def zipped(*members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "utf-16"),
    ],
)
def test_encoding_is_known_by_its_mark_or_strict_utf_8(text: bytes, encoding: str) -> None:
    assert recognised(text) == FileFormat(encoding=encoding)
    assert [row.cells for row in read(text)] == [["A1", "Käse"]]


def test_one_bad_byte_at_the_end_of_a_long_file_is_seen() -> None:
    text = TABLE.encode() + b"A2,Kaese\n" * 200_000 + b"A3,K\xe4se\n"
    assert asked(text).candidates[0].encoding == "windows-1252"


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("windows-1252", "Käse “50 €”"),
        ("iso-8859-15", "Käse 50 €"),
        ("windows-1250", "Żółć"),
        ("mac-roman", "Käse"),
        ("windows-1251", "Лампа"),
        ("shift_jis", "ランプ"),
        ("utf-16-le", "Käse"),
        ("utf-16-be", "Лампа и стол и лампа"),
    ],
)
def test_other_encoding_is_asked_and_its_preview_is_right(encoding: str, word: str) -> None:
    text = f"sku,name\nA0,plain\nA1,{word}\n".encode(encoding)
    right = {each.encoding for each in asked(text).candidates if any(word in line for line in each.preview)}
    assert right, asked(text)
    for answer in {*right, encoding}:
        form = recognise(content(text), LIMITS, encoding=answer)
        assert isinstance(form, FileFormat)
        assert form.delimiter == ","
        assert read(text.decode(answer))[1].cells == ["A1", word]


def test_candidates_differ_and_cannot_all_be_meant() -> None:
    candidates = asked("sku,name\nA1,K\xe4se\n".encode("latin-1")).candidates
    previews = [candidate.preview for candidate in candidates]
    assert len(previews) == len({*previews}) > 2
    assert {candidate.label for candidate in candidates} <= {*ENCODINGS.values()}


def test_preview_of_a_long_line_is_short_and_shows_the_letter() -> None:
    (line,) = asked(b"a,b\n" + b"x" * 1000 + b"\xe4" + b"y" * 1000 + b",2\n").candidates[0].preview
    assert "xä" in line
    assert len(line) <= 200


def test_mixed_encodings_can_be_read_with_faults_in_their_rows() -> None:
    text = b"sku,name\nA1,K\xc3\xa4se\nA2,K\xe4se\nA3,Salt\n"
    assert "utf-8" in {candidate.encoding for candidate in asked(text).candidates}
    assert [row.fault for row in read(codecs.BOM_UTF8 + text)] == [
        None,
        "“name” holds bytes that are no text in the encoding of the file.",
        None,
    ]


@pytest.mark.parametrize("encoding", ["utf-7", "idna", "rot13", "unknown", "", "utf_8"])
def test_encoding_that_is_not_offered_is_refused(encoding: str) -> None:
    with pytest.raises(Refusal, match="Choose one of the encodings"):
        recognise(content(TABLE), LIMITS, encoding=encoding)


@pytest.mark.parametrize("delimiter", ["", "x", ",;", '"', "\n"])
def test_delimiter_that_is_not_offered_is_refused(delimiter: str) -> None:
    with pytest.raises(Refusal, match="Choose one of the delimiters"):
        recognise(content(TABLE), LIMITS, delimiter=delimiter)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_told_by_the_rows(delimiter: str, end: str) -> None:
    lines = [("sku", "name", "price"), ("A1", "Lamp 'large'", "1.50"), ("A2", '"It ""is"" 5"', "2.50")]
    text = "".join(delimiter.join(cells) + end for cells in lines)
    assert recognised(text).delimiter == delimiter
    assert [row.cells for row in read(text)] == [["A1", "Lamp 'large'", "1.50"], ["A2", 'It "is" 5', "2.50"]]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("sku;price\nA1;1,50\nA2;2,50\nA3;3,50\n", ";"),
        ("sku;price;name\n" + "A1;1,50;a, b and c\n" * 50, ";"),
        ("sku\tname\nA1\ta,b;c\n", "\t"),
        ("sku\nA1\nA2\n", ","),
        ("sku,name\n", ","),
        ('"sku;1";"a,b"\n1;2\n', ";"),
        ("\n\nsku;name\n1;2\n", ";"),
        ("sku;name\n'a,b';'c,d'\n'e,f';'g,h'\n", ";"),
    ],
)
def test_delimiter_parts_the_header(text: str, delimiter: str) -> None:
    assert recognised(text).delimiter == delimiter


def test_delimiter_of_the_user_is_taken() -> None:
    assert recognised(TABLE, delimiter=";").delimiter == ";"


def test_delimiter_named_in_the_first_line_is_taken_and_the_line_left_out() -> None:
    assert [(row.number, row.cells) for row in read("sep=;\r\nsku;a,b,c\r\n1;2\r\n")] == [(2, ["1", "2"])]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\x89PNG\r\n\x1a\n....", "is an image. Choose a table: a CSV file or an .xlsx workbook."),
        (b"\xff\xd8\xff\xe0....", "is an image"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (gzip.compress(b"a,b"), "is compressed (gzip). Unpack it first."),
        (b"7z\xbc\xaf\x27\x1c..", "is an archive (7z)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is an old workbook (.xls). Open it in"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "has a password. Open it, remove the password",
        ),
        (
            zipped("content.xml"),
            "is an OpenDocument file (.ods). Open it in a spreadsheet program and save it as",
        ),
        (zipped("word/document.xml"), "is a text document (.docx)"),
        (zipped("xl/workbook.bin"), "is a binary workbook (.xlsb)"),
        (zipped("photo.jpg"), "is a ZIP archive"),
        (zipped("xl/workbook.xml")[:-30], "is damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "is damaged"),
        (b"<html><table><tr><td>1</td></tr></table>", "is a web page or XML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "is a web page or XML"),
        (bytes(range(256)) * 20, "is neither a workbook nor text. Choose a table"),
        (b"a\0b\0" * 50 + b"\0\xd8" * 5, "is neither a workbook nor text"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \r\n\r\n", "is empty"),
    ],
    ids=lambda each: each if isinstance(each, str) else "file",  # archives hold the time of this moment
)
def test_other_kinds_of_files_are_refused_in_plain_words(start: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        recognise(content(start), LIMITS)
    assert said in str(refused.value)


def test_workbook_is_known_by_its_parts() -> None:
    assert recognised(zipped("[Content_Types].xml", "xl/workbook.xml")).kind == "workbook"


@pytest.mark.security(70)
def test_file_that_is_too_large_is_refused() -> None:
    assert recognise(content("a,b\n1,2\n"), Limits(bytes=8))
    with pytest.raises(Refusal, match=r"too large. 7 bytes are allowed"):
        recognise(content("a,b\n1,2\n"), Limits(bytes=7))
    with pytest.raises(Refusal, match=r"2 MB are allowed"):
        recognise(content(b"a" * 2_100_000), Limits(bytes=2 * 1024 * 1024))


def test_directory_of_a_zip_is_bounded_before_it_is_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"{number:060}", b"")
    with pytest.raises(Refusal, match="too many parts"):
        recognise(file, LIMITS)


def test_recognising_leaves_the_stream_open() -> None:
    file = content(TABLE)
    recognise(file, LIMITS)
    assert not file.closed
