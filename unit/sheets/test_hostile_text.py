"""Any bytes give rows or a refusal in plain words, and take no more memory or time than a good file."""

import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.refusal import Refusal
from dashboard.sheets.encodings import ENCODINGS
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.reading import SheetRow, header, rows
from dashboard.sheets.recognising import recognise
from unit.sheets.tables import LIMITS, content, read

PIECES = st.sampled_from([*b"a1,;\t|\"'\n\r\0= #\xe4\xff\xfe\xef\xbb\xbf\xc3"]).map(
    lambda sign: bytes([sign])
)
BYTES = st.lists(PIECES | st.binary(max_size=4), max_size=80).map(b"".join)
SMALL = Limits(bytes=10_000, rows=20, columns=5, cell_length=20)


def every_row(text: bytes, **given: str) -> list[SheetRow] | None:
    """The rows, or None where the file is refused or something is asked."""
    try:
        form = recognise(content(text), SMALL, **given)
        if not isinstance(form, FileFormat) or form.kind != "text":
            return None
        header(content(text), form, SMALL)
        return list(rows(content(text), form, SMALL))
    except Refusal as refused:
        assert str(refused).endswith(".")
        assert len(str(refused)) < 400
        return None


@pytest.mark.security(71)
@given(BYTES)
def test_any_bytes_give_rows_or_a_refusal(text: bytes) -> None:
    for row in every_row(text) or []:
        assert row.fault or all(len(cell) <= 20 and "\0" not in cell for cell in row.cells)
        assert row.fault or "".join(row.cells).encode()


@pytest.mark.security(71)
@given(BYTES, st.sampled_from([*ENCODINGS]), st.sampled_from(",;\t|"))
def test_any_answer_gives_rows_or_a_refusal(text: bytes, encoding: str, delimiter: str) -> None:
    every_row(text, encoding=encoding, delimiter=delimiter)


CELLS = st.text(st.sampled_from("a1ä€😀,;\t\"'\r\n =+-@\x1f\x85\xa0\u2028\ufeff\uffff"), max_size=9)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
)
def test_quoted_cells_are_read_as_they_were_written(table: list[list[str]], delimiter: str) -> None:
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in table]
    text = "\n".join([delimiter.join("abc"), *lines])
    expected = [cells for cells in table if "".join(cells).strip()]
    found = rows(content(text), FileFormat(delimiter=delimiter, of_workbook=True), LIMITS)
    assert [row.cells for row in found] == expected


@given(st.integers(0, 12), st.lists(CELLS, min_size=1, max_size=8))
def test_resumed_reading_gives_the_rest(start: int, cells: list[str]) -> None:
    text = "a,b\n" + "".join('1,"' + cell.replace('"', '""') + '"\n' for cell in cells)
    assert read(text, start) == [row for row in read(text) if row.number > start]


class Repeated(io.RawIOBase):
    """A file of a size that no machine holds, made of one piece."""

    def __init__(self, head: bytes, piece: bytes, size: int) -> None:
        self.head, self.piece, self.size, self.at = head, piece, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wanted = min(len(buffer), self.size - self.at, 1 << 16)
        start = (self.at - len(self.head)) % len(self.piece)
        body = (self.piece * (wanted // len(self.piece) + 2))[start : start + wanted]
        data = (self.head[self.at :] + body)[:wanted] if self.at < len(self.head) else body
        buffer[:wanted] = data
        self.at += wanted
        return wanted


def cost(act: Callable[[], object]) -> tuple[int, float]:
    """The highest number of bytes that an act took, and its seconds on the processor."""
    tracemalloc.start()
    begun = process_time()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, process_time() - begun


def seconds(act: Callable[[], object]) -> float:
    """The seconds of an act on the processor."""
    begun = process_time()
    act()
    return process_time() - begun


@pytest.mark.security(70)
@pytest.mark.parametrize("piece", [b"x", b"x,", b'"', b'""', b",", b"\xc3\xa4", b'x"'])
def test_line_of_two_gigabytes_is_not_taken_into_memory(piece: bytes) -> None:
    def refuse() -> None:
        file = io.BufferedReader(Repeated(b"sku,name\nA1,", piece, 2_000_000_000))
        with pytest.raises(Refusal, match="Row 2"):
            list(rows(file, FileFormat(), Limits()))

    memory, taken = cost(refuse)
    assert memory < 60_000_000
    assert taken < 3


def test_memory_stays_flat_however_many_rows_there_are(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        file = tmp_path / f"{number}.csv"
        file.write_text("sku,name\n" + "A1,Lamp\n" * number)
        return cost(lambda: sum(1 for _ in rows(file, FileFormat(), Limits())))[0]

    peak(10)
    small = peak(2_000)
    assert peak(20_000) < 1.1 * small


@pytest.mark.parametrize(
    "text", ['"a' * 4000, "'" * 9000, 'a"b;' * 3000, ('"x",;' * 30 + "\n") * 60, '"\n' * 5000]
)
def test_guess_of_the_delimiter_is_quick(text: str) -> None:
    assert seconds(lambda: recognise(content(text), LIMITS)) < 1
