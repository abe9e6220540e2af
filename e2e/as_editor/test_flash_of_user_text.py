import pytest
from playwright.sync_api import Page, expect

from e2e.pages.category_form import CategoryFormPage
from e2e.pages.category_list import CategoryListPage

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><b>bold</b>",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &amp;",
    "</div></main><h1>x",
    "\N{LEFT-TO-RIGHT MARK}žluťoučký 火山 🌋",
]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_flash_shows_what_people_typed_as_text(page: Page, name: str) -> None:
    form = CategoryFormPage(page).new().fill(name=name)
    form.create_button.click()
    shown = CategoryListPage(page)
    expect(shown.flashes.all).to_contain_text(name.strip("\N{LEFT-TO-RIGHT MARK}"))
    expect(shown.flashes.all.locator("script, img, b, h1")).to_have_count(0)
