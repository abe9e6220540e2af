"""The picture of a QR code."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup


def qr_code(text: str, label: str) -> Markup:
    """Return an SVG element with a QR code of `text`: black on white in both colour modes.

    It has attributes only, which the content security policy allows. `label` says what it is.
    """
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        svgclass="qr-code",
        lineclass=None,
        title=label,
    )
    svg = picture.getvalue().decode()
    return Markup(svg.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the label
