"""Files that are no picture, a damaged one or a bomb are refused in one sentence; nothing else is raised."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dashboard.pictures.decoding import EMPTY, NO_PICTURE
from dashboard.pictures.reading import Picture, read_picture
from dashboard.pictures.source import DAMAGED, MOST_SCANS
from dashboard.refusal import Refusal
from unit.pictures.images import (
    FORMATS,
    all_plain,
    encoded,
    is_close,
    is_plain,
    looks_right,
    pixel,
    quarters,
    shown,
    taken,
)

WHOLE = {kind: encoded(quarters(), kind) for kind in FORMATS}
WHOLE["progressive"] = encoded(quarters(), "JPEG", progressive=True)
WHOLE["palette"] = encoded(quarters().quantize(8))
SMALL = {kind: encoded(quarters(16, 12), kind) for kind in FORMATS}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
HTML = b"<script>alert(document.domain)</script>"
QUICK_SECONDS = 5.0
"""Of the processor. It is no measurement, but catches hostile files that take minutes."""


def refusal(content: bytes, **options: int) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Refusal) as caught:
        taken(content, **options)
    return str(caught.value)


def taken_or_refused(content: bytes) -> Picture | None:
    """The picture in a file, or None where it is refused; any other answer is raised."""
    try:
        return read_picture(io.BytesIO(content))
    except Refusal as refusal:
        assert str(refusal).endswith(".")
        return None


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int, *between: bytes, pixels: bytes = b"") -> bytes:
    """A PNG of 8 bits with a head that says these sizes; `pixels` are compressed."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"".join(between) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def gif(width: int, height: int) -> bytes:
    """The head of a GIF of this size."""
    frame = struct.pack("<HHHHB", 0, 0, width, height, 0)
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b"," + frame + b"\x08\x02\x4c\x01\0;"


def jpeg(width: int, height: int) -> bytes:
    """The head of a JPEG of this size."""
    content = WHOLE["JPEG"]
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


def webp(width: int, height: int) -> bytes:
    """An animated WebP of this size, whose one frame is small."""
    inner = encoded(quarters(16, 12), "WEBP")[12:]
    frame = bytes(6) + b"\x0f\0\0" + b"\x0b\0\0" + bytes(4) + inner
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = ((b"VP8X", b"\x02\0\0\0" + sizes), (b"ANIM", bytes(6)), (b"ANMF", frame))
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(part)) + part for name, part in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.security(72)
@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        HTML,
        b"%PDF-1.7\n",
        b"\0",
        b"plain words",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        encoded(quarters(), "TIFF"),
        encoded(quarters(), "BMP"),
        encoded(quarters(), "ICO"),
        encoded(quarters(), "PPM"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_file_of_another_kind_is_refused(content: bytes) -> None:
    assert refusal(content) == NO_PICTURE


def test_file_without_bytes_is_refused() -> None:
    assert refusal(b"") == EMPTY


@pytest.mark.parametrize("kind", WHOLE)
def test_picture_that_is_cut_off_is_refused_or_whole(kind: str) -> None:
    content = WHOLE[kind]
    step = max(1, len(content) // 80)
    results = [(n, taken_or_refused(content[:n])) for n in range(1, len(content), step)]
    refused = [n for n, picture in results if picture is None]
    assert len(refused) > len(results) * 0.8
    assert all(looks_right(picture, tolerance=24) for _, picture in results if picture)


@pytest.mark.parametrize("kind", WHOLE)
def test_picture_that_is_cut_off_in_its_middle_is_called_damaged(kind: str) -> None:
    assert refusal(WHOLE[kind][: len(WHOLE[kind]) // 2]) == DAMAGED
    assert refusal(WHOLE[kind][:16]) == DAMAGED


@pytest.mark.parametrize("head", [png, gif, jpeg, webp])
@pytest.mark.parametrize("edge", [7072, 10_000, 16_000])
def test_too_many_pixels_are_refused_before_any_is_decoded(
    head: Callable[[int, int], bytes], edge: int
) -> None:
    begun = thread_time()
    assert "too many pixels" in refusal(head(edge, edge))  # decoding would find that its pixels are missing
    assert thread_time() - begun < QUICK_SECONDS


@pytest.mark.parametrize("head", [png, gif])
def test_most_pixels_that_are_allowed_are_decoded(head: Callable[[int, int], bytes]) -> None:
    assert refusal(head(7071, 7071)) == DAMAGED


def test_webp_may_have_fewer_pixels_for_it_takes_more_memory() -> None:
    assert "at most 25,000,000" in refusal(webp(5001, 5000))
    assert "at most 20,000,000" in refusal(png(5000, 4001), most_pixels=20_000_000)


def test_limit_of_pixels_is_that_of_the_caller() -> None:
    content = encoded(quarters(100, 50))
    assert looks_right(taken(content, most_pixels=5000))
    with pytest.raises(Refusal, match=r"^This image has too many pixels\. Use one with at most 4,999\.$"):
        taken(content, most_pixels=4999)


@pytest.mark.parametrize("size", [(0, 9), (9, 0), (2**31, 1), (2**31 - 1, 2**31 - 1)])
def test_picture_of_impossible_size_is_refused(size: tuple[int, int]) -> None:
    assert taken_or_refused(png(*size)) is None


def text_bomb() -> bytes:
    return png(9, 9, chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 50_000_000)))


def profile_bomb() -> bytes:
    return png(9, 9, chunk(b"iCCP", b"k\0\0" + zlib.compress(b"x" * 50_000_000)))


def many_chunks() -> bytes:
    return png(9, 9, *[chunk(b"prIv", b"")] * 1_700_000)


def many_comments() -> bytes:
    return gif(9, 9)[:13] + b"!\xfe\x01x\0" * 4_000_000 + gif(9, 9)[13:]


def many_segments() -> bytes:
    return b"\xff\xd8" + b"\xff\xe1\x00\x02" * 5_000_000 + WHOLE["JPEG"][2:]


def filling() -> bytes:
    return b"\xff\xd8" + b"\xff" * 20_000_000 + WHOLE["JPEG"][2:]


def with_scans(number: int) -> bytes:
    """A JPEG of 42 million pixels whose last pass over them is repeated."""
    content = encoded(Image.new("L", (6500, 6500)), "JPEG", progressive=True)
    begun = content.rindex(b"\xff\xda")
    return content[:begun] + content[begun:-2] * number + content[-2:]


def many_scans() -> bytes:
    return with_scans(4000)


@pytest.mark.parametrize(
    "bomb",
    [text_bomb, profile_bomb, many_chunks, many_comments, many_segments, filling, many_scans],
)
def test_file_that_keeps_a_decoder_busy_is_refused_quickly(bomb: Callable[[], bytes]) -> None:
    content = bomb()
    begun = thread_time()
    assert taken_or_refused(content) is None
    assert thread_time() - begun < QUICK_SECONDS


def test_usual_number_of_scans_is_read() -> None:
    assert taken(with_scans(20)).width == 2400
    assert MOST_SCANS > 20


@pytest.mark.security(72)
@pytest.mark.parametrize("kind", FORMATS)
def test_web_page_behind_a_picture_is_left_out(kind: str) -> None:
    picture = taken(WHOLE[kind] + HTML)
    assert looks_right(picture)
    assert not any(HTML in each for each in picture.content.values())


@pytest.mark.security(72)
@pytest.mark.parametrize("kind", FORMATS)
def test_archive_behind_a_picture_is_left_out(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "both"
    file.write_bytes(WHOLE[kind])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("page.html", HTML)
    assert zipfile.is_zipfile(file)
    picture = taken(file.read_bytes())
    assert looks_right(picture)
    assert not any(zipfile.is_zipfile(io.BytesIO(each)) for each in picture.content.values())


def test_web_page_in_the_head_of_a_picture_is_left_out() -> None:
    content = encoded(quarters(), "JPEG", comment=HTML)
    assert HTML in content
    assert not any(HTML in each for each in taken(content).content.values())


def test_damaged_checksum_is_refused() -> None:
    content = bytearray(WHOLE["PNG"])
    content[29] ^= 1
    assert refusal(bytes(content)) == DAMAGED


def test_damaged_picture_is_refused_and_the_next_is_taken() -> None:
    assert refusal(WHOLE["PNG"][:200]) == DAMAGED
    assert looks_right(taken(WHOLE["PNG"]))


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_give_a_plain_picture(content: bytes) -> None:
    picture = taken_or_refused(content)
    assert picture is None or all_plain(picture)


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.binary(max_size=200))
def test_any_bytes_behind_a_signature_are_refused_or_give_a_picture(kind: str, content: bytes) -> None:
    picture = taken_or_refused(SMALL[kind][:30] + content)
    assert picture is None or all_plain(picture)


@settings(max_examples=300)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_damage_anywhere_is_refused_or_gives_a_plain_picture(
    kind: str, damage: list[tuple[int, int]]
) -> None:
    content = bytearray(SMALL[kind])
    for place, value in damage:
        content[place % len(content)] = value
    picture = taken_or_refused(bytes(content))
    assert picture is None or all(map(is_plain, picture.content.values()))


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.tuples(*[st.integers(0, 255)] * 3),
    st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]),
)
def test_picture_of_any_size_and_colour_is_taken(
    width: int, height: int, colour: tuple[int, int, int], kind: str
) -> None:
    picture = taken(encoded(Image.new("RGB", (width, height), colour), kind))
    assert shown(picture).size == (width, height)
    assert all_plain(picture)
    assert is_close(pixel(shown(picture), (width // 2, height // 2)), colour, tolerance=10)
