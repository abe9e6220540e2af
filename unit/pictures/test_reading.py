"""Pictures are decoded and encoded again: in three sizes, upright, in sRGB, without anything else."""

from math import pi, sin

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from dashboard.pictures.reading import SIZES, Picture
from unit.pictures.images import (
    ALPHA_FLAG,
    CORNERS,
    FORMATS,
    Colour,
    all_plain,
    chunks,
    corners,
    encoded,
    is_close,
    looks_right,
    pixel,
    quarters,
    shown,
    taken,
)
from unit.pictures.profiles import inks, linear_gray, swapped_rgb

SECRET = "48.8584 north"
ORIENTATION, DESCRIPTION, LATITUDE = 0x0112, 0x010E, 0x0002
TURNS = {
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}
"""How a camera that was held so stores a picture; the reader has to do the opposite."""
SALMON = (250, 128, 114)


def alone(colour: Colour | int, mode: str = "RGB") -> Image.Image:
    """A picture of one colour."""
    return Image.new(mode, (64, 48), colour)


def middle(picture: Picture) -> Colour:
    """The colour in the middle of a picture."""
    return pixel(shown(picture), (picture.width // 2, picture.height // 2))


@pytest.mark.parametrize("kind", FORMATS)
def test_picture_of_each_format_keeps_its_colours_and_places(kind: str) -> None:
    picture = taken(encoded(quarters(), kind))
    assert (picture.width, picture.height) == (120, 80)
    assert looks_right(picture)
    assert all_plain(picture)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 1500), {"full": (2400, 1200), "medium": (800, 400), "small": (160, 80)}),
        ((1500, 3000), {"full": (1200, 2400), "medium": (400, 800), "small": (80, 160)}),
        ((2400, 2400), {"full": (2400, 2400), "medium": (800, 800), "small": (160, 160)}),
        ((801, 300), {"full": (801, 300), "medium": (800, 300), "small": (160, 60)}),
        ((100, 40), {"full": (100, 40), "medium": (100, 40), "small": (100, 40)}),
        ((4000, 1), {"full": (2400, 1), "medium": (800, 1), "small": (160, 1)}),
        ((1, 1), {"full": (1, 1), "medium": (1, 1), "small": (1, 1)}),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_each_size_fits_its_edge_and_none_is_enlarged(
    kind: str, size: tuple[int, int], expected: dict[str, tuple[int, int]]
) -> None:
    picture = taken(encoded(quarters(*size), kind))
    assert [*picture.content] == [*SIZES] == [*expected]
    assert {name: shown(picture, name).size for name in SIZES} == expected
    assert (picture.width, picture.height) == expected["full"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("name", SIZES)
def test_large_picture_looks_the_same_in_every_size(kind: str, name: str) -> None:
    assert looks_right(taken(encoded(quarters(2600, 1800), kind)), name)


def test_sizes_of_a_small_picture_are_the_same_bytes() -> None:
    picture = taken(encoded(quarters(), "PNG"))
    assert len({*picture.content.values()}) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TURNS)
def test_picture_is_turned_as_its_camera_says(kind: str, orientation: int) -> None:
    stored = quarters(2600, 1300)
    for turn in TURNS[orientation]:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = taken(encoded(stored, kind, exif=exif))
    assert (picture.width, picture.height) == (2400, 1200)
    assert looks_right(picture) and looks_right(picture, "small")
    assert all_plain(picture)


def test_damaged_exif_leaves_the_picture_as_it_is() -> None:
    picture = taken(encoded(quarters(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\0\x03"))
    assert looks_right(picture)


def with_everything_beside(kind: str) -> bytes:
    """A picture with the place, the words and the profile that programs write beside it."""
    exif = Image.Exif()
    exif[DESCRIPTION] = SECRET
    exif.get_ifd(0x8825)[LATITUDE] = (48.0, 51.0, 30.0)
    options = {"exif": exif, "icc_profile": swapped_rgb()}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", SECRET)
        options["pnginfo"] = words
    elif kind == "GIF":
        options = {"comment": SECRET.encode()}
    else:
        options["xmp"] = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    return encoded(quarters(), kind, **options)


@pytest.mark.security(72)
@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_beside_the_pixels_is_stored(kind: str) -> None:
    content = with_everything_beside(kind)
    assert SECRET.encode() in content
    picture = taken(content)
    assert all_plain(picture)
    assert not any(SECRET.encode() in each for each in picture.content.values())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_of_a_profile_become_those_of_the_web(kind: str) -> None:
    picture = taken(encoded(alone((255, 0, 0)), kind, icc_profile=swapped_rgb()))
    assert is_close(middle(picture), (0, 255, 0))


def test_profile_of_a_palette_is_used() -> None:
    palette = alone((255, 0, 0)).quantize(4)
    assert is_close(middle(taken(encoded(palette, icc_profile=swapped_rgb()))), (0, 255, 0))


@pytest.mark.parametrize(("mode", "colour"), [("L", 128), ("LA", (128, 255))])
def test_profile_of_gray_is_used(mode: str, colour: int | Colour) -> None:
    picture = taken(encoded(alone(colour, mode), icc_profile=linear_gray()))
    assert is_close(middle(picture), (188, 188, 188))


def test_profile_leaves_transparency_alone() -> None:
    picture = taken(encoded(alone((255, 0, 0, 100), "RGBA"), icc_profile=swapped_rgb()))
    assert is_close(middle(picture), (0, 255, 0, 100))


def test_inks_are_shown_as_their_profile_says() -> None:
    cyan = encoded(alone((255, 0, 0, 0), "CMYK"), "JPEG", quality=95, icc_profile=inks((136, 208, 195)))
    assert is_close(middle(taken(cyan)), (255, 0, 0))


def test_inks_without_a_profile_are_shown_plainly() -> None:
    cyan = encoded(alone((255, 0, 0, 0), "CMYK"), "JPEG", quality=95)
    assert is_close(middle(taken(cyan)), (0, 255, 255))


@pytest.mark.parametrize(
    "profile",
    [b"no profile", swapped_rgb()[:200], linear_gray(), inks((1, 1, 1))],
    ids=["nonsense", "cut off", "of gray", "of inks"],
)
def test_profile_that_does_not_fit_is_ignored(profile: bytes) -> None:
    assert is_close(middle(taken(encoded(alone(SALMON), "JPEG", icc_profile=profile))), SALMON)


@pytest.mark.parametrize("value", [0, 256, 20_000, 32_768, 65_535])
def test_gray_of_16_bits_keeps_its_brightness(value: int) -> None:
    expected = (round(value / 257),) * 3
    assert is_close(middle(taken(encoded(alone(value, "I;16")))), expected)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("1", 0, (0, 0, 0)),
        ("L", 90, (90, 90, 90)),
        ("RGB", SALMON, SALMON),
        ("RGBA", (*SALMON, 255), SALMON),
        ("RGBA", (*SALMON, 128), (*SALMON, 128)),
        ("LA", (90, 255), (90, 90, 90)),
        ("LA", (90, 128), (90, 90, 90, 128)),
    ],
)
def test_each_kind_of_pixels_is_read(mode: str, colour: int | Colour, expected: Colour) -> None:
    assert is_close(middle(taken(encoded(alone(colour, mode)))), expected)


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_colour_that_is_called_transparent_is_so(mode: str) -> None:
    image = Image.new("L", (64, 64), 7)
    image.paste(200, (0, 0, 32, 64))
    plain = image.convert("RGB")
    content = {
        "L": encoded(image, transparency=7),
        "RGB": encoded(plain, transparency=(7, 7, 7)),
        "P": encoded(palette := plain.quantize(2), transparency=palette.getpixel((60, 60))),
    }[mode]
    found = shown(taken(content))
    assert pixel(found, (60, 32))[3] == 0
    assert is_close(pixel(found, (4, 32)), (200, 200, 200, 255))


def test_colour_of_transparent_pixels_does_not_bleed() -> None:
    image = Image.new("RGBA", (1000, 1000), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (500, 0, 1000, 1000))
    small = shown(taken(encoded(image)), "small")
    assert all(pixel(small, (x, 80))[0] < 60 for x in range(78, 83) if pixel(small, (x, 80))[3] > 60)


def test_transparency_is_only_stored_where_there_is_some() -> None:
    clear, opaque = (taken(encoded(alone((*SALMON, a), "RGBA"))).content["full"] for a in (80, 255))
    assert dict(chunks(clear))[b"VP8X"][0] == ALPHA_FLAG
    assert b"VP8X" not in dict(chunks(opaque))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animated_picture_gives_its_first_frame(kind: str) -> None:
    others = [alone(colour).resize((120, 80)) for colour in ((9, 9, 9), SALMON)]
    moving = encoded(quarters(), kind, save_all=True, append_images=others, duration=100)
    picture = taken(moving)
    assert looks_right(picture)
    assert all_plain(picture)


def test_photo_with_further_pictures_inside_is_read() -> None:
    """Phones store a second picture for bright screens behind the first."""
    content = encoded(quarters(), "MPO", save_all=True, append_images=[alone(SALMON)])
    assert looks_right(taken(content))


def test_progressive_jpeg_is_read() -> None:
    assert looks_right(taken(encoded(ImageOps.scale(quarters(), 30), "JPEG", progressive=True)))


@pytest.mark.parametrize("size", [(600, 4901), (300, 7300), (2, 9000)])
@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "L"])
def test_very_large_picture_has_no_seams(mode: str, size: tuple[int, int]) -> None:
    """It is made smaller strip by strip."""
    waves = [round(128 + 100 * sin(2 * pi * y / 200)) for y in range(size[1])]
    column = Image.frombytes("L", (1, size[1]), bytes(waves))
    full = shown(taken(encoded(column.resize(size).convert(mode), compress_level=1))).convert("RGB")
    found = [pixel(full, (full.width // 2, y))[0] for y in range(full.height)]
    scale = size[1] / full.height
    wanted = [128 + 100 * sin(2 * pi * (y + 0.5) * scale / 200) for y in range(full.height)]
    assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 10


def test_fine_lines_become_gray_and_no_pattern() -> None:
    stripes = Image.new("L", (4000, 400))
    for x in range(0, 4000, 2):
        stripes.paste(255, (x, 0, x + 1, 400))
    medium = shown(taken(encoded(stripes)), "medium").convert("L")
    low, high = medium.crop((8, 8, 792, 72)).getextrema()
    assert 110 < low <= high < 146


def test_corners_are_those_of_the_picture() -> None:
    """The other tests would notice a picture that is turned."""
    assert corners(quarters()) == CORNERS
    assert corners(quarters().transpose(Image.Transpose.ROTATE_90)) != CORNERS
