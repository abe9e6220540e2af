"""The pictures of the README; `pytest e2e/screens/test_pictures.py --pictures` makes them again."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.testing.harness.accessibility import MODES
from dashboard.testing.harness.browsing import NewContext
from e2e.catalogue import product_id
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_import import ProductImport
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock, email_of
from e2e.workers import work

FOLDER = Path(__file__).parent.parent / "pictures"
SIZE = {"width": 1440, "height": 900}
MOMENT = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
SPRING = """sku,name,price,stock
LMP-0001,Brass Arc Floor Lamp,259.00,14
LMP-0002,Paper Globe Pendant,3.45,120
LMP-0003,Clip-On Reading Light,21.95,180
LMP-0101,Oak Desk Lamp,79.00,25
LMP-0102,Linen Shade,from 19,40
"""
PNG = b"\x89PNG\r\n\x1a\n"


NAMES = (*(f"products-{mode}" for mode in MODES), "merge-light", "import-light")


@pytest.mark.parametrize("name", NAMES)
def test_pictures_of_the_readme_exist_in_their_size(name: str) -> None:
    picture = (FOLDER / f"{name}.png").read_bytes()
    assert picture.startswith(PNG)
    assert struct.unpack(">II", picture[16:24]) == (SIZE["width"], SIZE["height"])


def test_product_list_can_be_pictured(
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
        save_picture(page, f"products-{mode}", pytestconfig)


@pytest.mark.allow(status=409)
def test_merge_page_can_be_pictured(
    new_context: NewContext,
    other_server: Callable[..., Console],
    server_clock: ServerClock,
    pytestconfig: pytest.Config,
) -> None:
    server_clock.set_clock(lambda: MOMENT)
    console = other_server()
    with console.database() as session:
        session.scalars(select(User).where(User.email == email_of("admin"))).one().name = "Ada Lovelace"
    people = (new_context(storage_state=console.storage_state(r), viewport=SIZE) for r in ("editor", "admin"))
    mine, theirs = (context.new_page() for context in people)
    for page in (mine, theirs):
        page.goto(f"{console.url}/admin/products/edit/?id={product_id(console, 'Oak Lamp')}")
    ProductFormPage(theirs).fill(price="84.50", stock="12").save_button.click()
    ProductListPage(theirs).expect_open()
    server_clock.set_clock(lambda: MOMENT + timedelta(minutes=3))
    ProductFormPage(mine).fill(
        price="89.00", description="Oiled oak with a shade of linen."
    ).save_button.click()
    merge = MergePage(mine).expect_merging("Oak Lamp")
    merge.choose(Price="Theirs: 84.50")
    save_picture(mine, "merge-light", pytestconfig)


def test_check_of_an_import_can_be_pictured(
    new_context: NewContext,
    other_server: Callable[..., Console],
    server_clock: ServerClock,
    pytestconfig: pytest.Config,
) -> None:
    server_clock.set_clock(lambda: MOMENT)
    console = other_server()
    context = new_context(base_url=console.url, storage_state=console.storage_state("editor"), viewport=SIZE)
    page = context.new_page()
    ProductImport(page).upload(SPRING, "spring.csv").press("Check")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check of spring.csv")
    work(console)
    page.goto(page.url)
    expect(page.get_by_role("button", name="Import the good rows")).to_be_visible()
    save_picture(page, "import-light", pytestconfig)


def save_picture(page: Page, name: str, config: pytest.Config) -> None:
    """Take a picture of a page, and save it if `--pictures` is given."""
    picture = page.screenshot()
    if config.option.pictures:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.png").write_bytes(picture)
