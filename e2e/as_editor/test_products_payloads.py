import unicodedata

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_product
from e2e.pages.detail import ProductDetailPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

SCRIPTS = {
    "script": "</title></textarea></dialog><script id=pwned>window.pwned=1</script>",
    "image": '"><img id=pwned src=x onerror=window.pwned=1>',
    "attribute": "' autofocus onfocus=window.pwned=1 id='pwned' x=\"",
    "entities": "&lt;b id=pwned&gt;&amp;amp; {{ 7*7 }}{% raw %}${7*7}%s{0}",
    "address": "javascript:window.pwned=1//?a=1&b=2#c",
}
WORLD = {
    "right-to-left": "مصباح عتيق ١٢٣ \u202eegnaro\u202c שלום",
    "emoji": "👩\u200d👩\u200d👧\u200d👦 Lampe 🇧🇷 👍🏽 𠮷",
    "combining": unicodedata.normalize("NFC", "Ẕ̑͗a̷l̸g̵o̶ Ñ 折り畳み椅子"),
    "one long word": "W" * 200,
}
PAYLOADS = {**SCRIPTS, **WORLD}
each_payload = pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)


def expect_harmless(page: Page) -> None:
    """No element and no script came out of the text; the guard sees what the CSP had to stop."""
    expect(page.locator("#pwned")).to_have_count(0)
    assert page.evaluate("window.pwned") is None


@each_payload
def test_what_was_typed_is_shown_literally_in_flash_and_list(page: Page, text: str) -> None:
    ProductFormPage(page).new().fill(
        name=text, sku="ODD-1", price="1", description=text
    ).create_button.click()
    listed = ProductListPage(page).expect_open()
    listed.flashes.expect_only(f"Product “{text}” created.", "success")
    expect(listed.table.link(text)).to_be_visible()
    expect(listed.table.names.first).to_have_text(text)
    expect_harmless(page)


@each_payload
def test_what_is_stored_is_shown_literally_in_detail_title_and_question(
    page: Page, server: Console, text: str
) -> None:
    key = add_product(server, text, description=text)
    detail = ProductDetailPage(page).open_id(key).expect_record(text)
    expect(detail.section("Description").get_by_role("paragraph")).to_have_text(text)
    expect(page).to_have_title(f"{text} · Staff console")
    detail.delete_link.click()
    detail.dialog.expect_asks(f"Delete {text}?")
    expect_harmless(page)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_what_is_stored_comes_back_into_the_form_as_it_is(page: Page, server: Console, text: str) -> None:
    key = add_product(server, text, description=f"{text}\n{text}")
    form = ProductFormPage(page).edit(key).expect_values(name=text, description=f"{text}\n{text}")
    expect(form.heading).to_have_text(f"Edit {text}")
    expect_harmless(page)


def test_a_search_is_shown_literally(page: Page) -> None:
    listed = ProductListPage(page).open()
    for text in SCRIPTS.values():
        listed.filters.search(text).expect_chips(f"Search: {text}")
        expect(listed.filters.search_field).to_have_value(text)
    expect(listed.no_match).to_be_visible()
    expect_harmless(page)


def test_what_the_form_refuses_comes_back_literally(page: Page) -> None:
    text = "".join(SCRIPTS.values())
    form = ProductFormPage(page).new().fill(name="Stool", sku=text[:40], price=text, stock=text)
    form.create_button.click()
    expect(form.error_summary).to_be_focused()
    form.expect_values(sku=text[:40], price=text, stock=text)
    expect_harmless(page)
