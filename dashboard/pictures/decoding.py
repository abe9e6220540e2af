"""Pictures of the formats that are taken, decoded: upright, in sRGB, and no larger than needed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from dashboard.number_form import number_words
from dashboard.pictures.media_types import PICTURES, media_type_of
from dashboard.pictures.source import DAMAGED, PictureSource
from dashboard.refusal import Refusal

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""The formats of cameras, phones and browsers; each further decoder is one more that hostile files attack.

Programs that write TIFF or BMP write PNG as well, and phones turn their HEIC into JPEG for the web.
"""
NO_PICTURE = "This file is not a JPEG, PNG, WebP or GIF image."
TOO_LARGE = "This image has too many pixels. Use one with at most {}."
EMPTY = "This file is empty."
MOST_PIXELS_OF = {"WEBP": 25_000_000}
"""A lower limit of a format: its decoder takes 16 bytes for each pixel, four times as many as others."""
STRIP = 64
"""Rows of the smaller picture that are made at once; with all of them, a copy or two would be in memory."""
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
GRAY_16 = 257  # 65,535 of them are 255 of 8 bits


def decoded(file: BinaryIO, edge: int, most_pixels: int) -> Image.Image:
    """Return the picture in a file, its longer edge at most `edge`, as RGB, or as RGBA where it has an alpha.

    Of an animated one it is the first frame. Raises Refusal for anything else.
    """
    source = PictureSource(file)
    image = _opened(source, most_pixels)
    source.is_jpeg = isinstance(image, JpegImageFile)
    size = fitted(image.size, edge)
    with _damage_refused():
        image.draft(None, size)  # a JPEG is decoded at a half, a quarter or an eighth, if that is enough
        image.load()
        smaller = _averaged(image, min(image.width // size[0], image.height // size[1]))
        if smaller.size != size:
            smaller = smaller.resize(size, Image.Resampling.LANCZOS)
    return _in_srgb(_upright(smaller))


def fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """Return the width and height at which the longer of the two is at most `edge`; never larger ones."""
    scale = min(1.0, edge / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _opened(source: PictureSource, most_pixels: int) -> ImageFile:
    """Read the head of a file, before anything is decoded."""
    if not source.seek(0, io.SEEK_END):
        raise Refusal(EMPTY)
    source.seek(0)
    with _damage_refused():
        try:
            # Pillow reads and seeks, and asks for nothing else of a file.
            image = Image.open(cast(BinaryIO, source), formats=FORMATS)
        except UnidentifiedImageError as error:
            is_known = media_type_of(source.file) in PICTURES
            raise Refusal(DAMAGED if is_known else NO_PICTURE) from error
        except Image.DecompressionBombError as error:
            raise Refusal(TOO_LARGE.format(number_words(most_pixels))) from error
    most = min(most_pixels, MOST_PIXELS_OF.get(image.format or "", most_pixels))
    if image.width * image.height > most:
        raise Refusal(TOO_LARGE.format(number_words(most)))
    return image


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Raise Refusal for whatever a decoder raises: damaged files make them fail in a dozen ways."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        raise Refusal(DAMAGED) from error


def _averaged(image: Image.Image, factor: int) -> Image.Image:
    """The same picture in channels; each square of `factor` pixels is one, whose colour is their average."""
    if factor < 2:
        return _in_channels(image)
    strips, rows = [], STRIP * factor
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        strips.append(_in_channels(strip).reduce(factor))
    smaller = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        smaller.paste(strip, (0, number * STRIP))
    smaller.info = image.info
    return smaller


def _in_channels(image: Image.Image) -> Image.Image:
    """The same picture with a value for each colour, which can be averaged: no palette, no 16 bits."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / GRAY_16)).convert("L")
    if image.mode in ("L", "RGB", "CMYK") and not image.has_transparency_data:
        return image
    if image.mode in ("L", "LA"):
        return image.convert("LA")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _upright(image: Image.Image) -> Image.Image:
    """The same picture, turned as its camera says."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # what a camera wrote beside a picture may be damaged in a dozen ways, too
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """The same picture in the colours of the web."""
    alpha = image.getchannel("A") if "A" in image.getbands() else None
    colours = image.convert(image.mode.removesuffix("A")) if alpha else image
    colours = (_by_profile(colours) or colours).convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _by_profile(image: Image.Image) -> Image.Image | None:
    """The same picture in sRGB; None where its profile is missing, damaged, or of other colours."""
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    try:
        its = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, its, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
