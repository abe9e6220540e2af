"""Pictures of one colour, for files that show how something is done."""

from __future__ import annotations

import io

from PIL import Image

SIZE = (480, 360)


def plain_picture(colour: str) -> bytes:
    """A picture as PNG."""
    file = io.BytesIO()
    Image.new("RGB", SIZE, colour).save(file, "PNG")
    return file.getvalue()
