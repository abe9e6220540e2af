"""The README's pictures; `pytest e2e/screens/test_pictures.py --pictures` makes them anew."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from e2e.accessibility import MODES
from e2e.browsing import NewContext
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock

FOLDER = Path(__file__).parent.parent / "pictures"
SIZE = {"width": 1440, "height": 900}
MOMENT = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"


def test_the_pictures_of_the_readme_are_there() -> None:
    for mode in MODES:
        picture = (FOLDER / f"products-{mode}.png").read_bytes()
        assert picture.startswith(PNG)
        assert struct.unpack(">II", picture[16:24]) == (SIZE["width"], SIZE["height"])


def test_the_list_of_products_can_be_pictured(
    new_context: NewContext,
    other_server: Callable[..., Console],
    server_clock: ServerClock,
    pytestconfig: pytest.Config,
) -> None:
    server_clock.set_clock(lambda: MOMENT)  # before the catalogue is made, which is dated from now
    console = other_server()
    page = new_context(storage_state=console.storage_state("owner"), viewport=SIZE).new_page()
    page.goto(f"{console.url}{ProductListPage.path}")
    ProductListPage(page).expect_open().pager.expect_range(1, 25, 200)
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        picture = page.screenshot()
        if pytestconfig.option.pictures:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"products-{mode}.png").write_bytes(picture)
