import unicodedata

import pytest
from playwright.sync_api import Page, expect

from e2e.components.flashes import named
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage

pytestmark = pytest.mark.security(75)

SCRIPTS = {
    "script": "</title></textarea></dialog><script id=pwned>window.pwned=1</script>",
    "attribute": "'\"><img id=pwned src=x onerror=window.pwned=1> ' autofocus onfocus=window.pwned=1 x=\"",
    "entities": "javascript:window.pwned=1//&lt;b id=pwned&gt;&amp;amp; {{ 7*7 }}{% raw %}${7*7}%s{0}",
}
WORLD = {
    "right-to-left and emoji": "مصباح ١٢٣ \u200forange\u200e שלום 👩\u200d👧 Lampe 🇧🇷 👍🏽 𠮷",
    "combining": unicodedata.normalize("NFC", "Ẕ̑͗a̷l̸g̵o̶ Ñ 折り畳み椅子"),
}
PAYLOADS = {**SCRIPTS, **WORLD}
each_payload = pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)


def expect_harmless(page: Page) -> None:
    """Check that the text made no element and ran no script; the guard reports blocked ones."""
    expect(page.locator("#pwned")).to_have_count(0)
    assert page.evaluate("window.pwned") is None


@each_payload
def test_typed_text_is_shown_literally_on_every_page(page: Page, text: str) -> None:
    form = ProductFormPage(page).new().fill(name=text, sku="ODD-1", price="1", description=f"{text}\n{text}")
    form.create_button.click()
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only(f"Product “{named(text)}” created.", "success")
    expect(listed.table.names.first).to_have_text(text)
    listed.table.link(text).click()
    detail = ProductDetailPage(page).expect_record(text)
    expect(detail.section("Description").get_by_role("paragraph")).to_have_text(f"{text} {text}")
    expect(page).to_have_title(f"{text} · Staff console")
    detail.delete()
    detail.dialog.expect_asks(f"Delete {text}?").cancel()
    expect_harmless(page)
    detail.edit_link.click()
    form.expect_values(name=text, description=f"{text}\n{text}")
    expect(form.heading).to_have_text(f"Edit {text}")
    expect_harmless(page)


def test_search_is_shown_literally(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    for text in SCRIPTS.values():
        listed.filters.search(text).expect_chips(f"Search: {text}")
        expect(listed.filters.search_field).to_have_value(text)
        expect_harmless(page)
    expect(listed.no_match).to_be_visible()


def test_refused_text_is_shown_again_literally(page: Page) -> None:
    text = "".join(SCRIPTS.values())
    form = ProductFormPage(page).new().fill(name="Stool", sku=text[:40], price=text, stock=text)
    form.create_button.click()
    expect(form.error_summary).to_be_focused()
    form.expect_values(sku=text[:40], price=text, stock=text)
    expect_harmless(page)
