"""A form is sent once, and a stopped or lost request leaves nothing locked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.catalogue import products
from e2e.components.cells import Cells
from e2e.components.palette import Palette
from e2e.leaving import Asked
from e2e.pages.bulk_edit import BulkEditPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

LAPSE_MS = 5_000  # of scripts/leaving.js
FORM = "**/admin/products/new/**"
Lose = Callable[[Route], None]
Again = Callable[[ProductFormPage], None]


def lost(route: Route) -> None:
    """Abort the request; the browser stays on its page."""
    route.abort("aborted")


def answered_by_nothing(route: Route) -> None:
    """Answer without a page."""
    route.fulfill(status=204)


def answered_by_a_file(route: Route) -> None:
    """Answer with a file, which the browser saves and does not show."""
    route.fulfill(body="x", headers={"Content-Disposition": "attachment; filename=x"})


def never_answered(_route: Route) -> None:
    """Do not answer until the user stops the request."""


def click(form: ProductFormPage) -> None:
    """Click the button, whether or not it is enabled."""
    form.create_button.click(force=True)


def press_enter(form: ProductFormPage) -> None:
    """Press Enter in a field."""
    form.page.get_by_label("SKU").press("Enter")


def press_enter_on_the_button(form: ProductFormPage) -> None:
    """Press Enter on the button, which still has the focus."""
    expect(form.create_button).to_be_focused()
    form.page.keyboard.press("Enter")


def press_control_s(form: ProductFormPage) -> None:
    """Press the keys for saving."""
    form.page.keyboard.press("ControlOrMeta+s")


def filled(page: Page) -> ProductFormPage:
    return ProductFormPage(page).new().fill(name="Folding Stool", sku="FST-1", price="24.50")


@contextmanager
def losing(page: Page, address: str) -> Iterator[None]:
    """Lose the page that is requested in the block; later requests are answered."""
    page.route(address, lost)
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        yield
    page.unroute(address)


def count_posts(page: Page) -> list[str]:
    """Return a list that fills with the address of each POST of the browser."""
    sent: list[str] = []
    page.context.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    return sent


def stop(page: Page) -> None:
    """Stop loading, as the button of the browser does."""
    page.context.new_cdp_session(page).send("Page.stopLoading")


def expect_created(form: ProductFormPage, server: Console) -> None:
    """The product was created once."""
    ProductListPage(form.page).expect_open().flashes.expect_only(
        "Product “Folding Stool” created.", "success"
    )
    assert len(products(server)) == 201


@pytest.mark.parametrize(
    ("lose", "again"),
    [
        (lost, click),
        (lost, press_enter_on_the_button),
        (answered_by_nothing, press_enter),
        (answered_by_a_file, press_control_s),
    ],
)
def test_post_without_a_page_in_answer_can_be_sent_again_later(
    page: Page, server: Console, lose: Lose, again: Again
) -> None:
    page.clock.install()
    form = filled(page)
    sent = count_posts(page)
    page.route(FORM, lose)
    with page.expect_request(FORM):
        form.create_button.click()
    again(form)
    expect(form.create_button).to_be_disabled()
    expect(form.create_button).to_have_css("cursor", "progress")
    assert len(sent) == 1
    page.unroute(FORM)
    page.clock.fast_forward(LAPSE_MS)
    expect(form.create_button).to_be_enabled()
    expect(page.locator("html")).not_to_have_attribute("data-busy")
    again(form)
    expect_created(form, server)
    assert len(sent) == 2


def test_stopped_post_can_be_sent_again_at_once(page: Page, server: Console) -> None:
    form = filled(page)
    page.route(FORM, never_answered)
    with page.expect_request(FORM):
        form.create_button.click(no_wait_after=True)
    stop(page)
    page.unroute(FORM)
    page.keyboard.press("Escape")
    expect(form.create_button).to_be_enabled()
    form.create_button.click()
    expect_created(form, server)


def test_typing_after_a_lost_post_unlocks_the_form(page: Page, server: Console) -> None:
    form = filled(page)
    with losing(page, FORM):
        form.create_button.click()
    form.fill(stock="7").create_button.click()
    expect_created(form, server)


def test_leaving_after_a_lost_post_asks_first(page: Page) -> None:
    page.clock.install()
    asked = Asked(page, leave=False)
    form = filled(page)
    with losing(page, FORM):
        form.create_button.click()
    page.clock.fast_forward(LAPSE_MS)
    form.cancel.click()
    form.expect_values(name="Folding Stool")
    assert asked.times == 1


@pytest.mark.parametrize("modifier", ["ControlOrMeta", "Shift"])
def test_form_sent_to_another_tab_does_not_lock_this_one(page: Page, modifier: str) -> None:
    asked = Asked(page, leave=False)
    form = filled(page)
    with page.context.expect_page() as opened:
        form.create_button.click(modifiers=[modifier])
    ProductListPage(opened.value).expect_open().flashes.expect_only(
        "Product “Folding Stool” created.", "success"
    )
    expect(form.create_button).to_be_enabled()
    expect(page.locator("html")).not_to_have_attribute("data-busy")
    form.cancel.click()
    form.expect_values(name="Folding Stool")
    assert asked.times == 1


@pytest.mark.parametrize("how", ["click", "target"])
def test_search_in_another_tab_does_not_lock_this_one(page: Page, how: str) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    with page.context.expect_page() as opened:
        if how == "click":
            page.get_by_role("button", name="Search", exact=True).click(modifiers=["ControlOrMeta"])
        else:
            listed.filters.search_field.evaluate("field => { field.form.target = '_blank'; }")
            listed.filters.search_field.press("Enter")
    ProductListPage(opened.value).expect_open()
    expect(page.locator("html")).not_to_have_attribute("data-busy")
    listed.filters.search_field.evaluate("field => field.form.removeAttribute('target')")
    listed.filters.search("oak lamp")
    listed.table.expect_names("Oak Lamp")


def test_bulk_question_in_another_tab_opens_no_dialog_here(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.select("Oak Lamp")
    with page.context.expect_page() as opened:
        listed.bulk_bar.tools.get_by_role("button", name="Delete").click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Delete 1 product?")
    listed.dialog.expect_closed()
    listed.bulk_bar.choose("Delete")
    listed.dialog.expect_asks("Delete 1 product?")


def test_dialogs_open_after_a_stopped_link(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    with losing(page, "**/admin/categories/"):
        listed.nav.go_to("Categories")
    listed.table.delete("Oak Lamp")
    listed.dialog.expect_asks("Delete Oak Lamp?")


def test_question_that_does_not_arrive_is_asked_on_its_own_page(page: Page) -> None:
    page.clock.install()
    listed = ProductListPage(page).open("?q=oak+lamp")
    asked: list[Route] = []
    page.route("**/delete/**", lambda route: asked.append(route), times=1)
    page.get_by_role("link", name="Delete Oak Lamp").dblclick()
    page.clock.fast_forward(LAPSE_MS)
    expect(listed.heading).to_have_text("Delete Oak Lamp?")
    assert len(asked) == 1


def test_lost_confirmation_can_be_given_again(page: Page, server: Console) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    listed.table.delete("Oak Lamp")
    listed.dialog.expect_asks("Delete Oak Lamp?")
    with losing(page, "**/delete/**"):
        listed.dialog.confirm("Delete product")
    page.keyboard.press("Escape")
    listed.dialog.expect_closed()
    expect(page.locator("html")).not_to_have_attribute("data-busy")
    listed.table.delete("Oak Lamp")
    listed.dialog.confirm("Delete product")
    listed.flashes.expect_only("Product “Oak Lamp” deleted.", "success")


def test_bulk_question_that_failed_opens_a_dialog_the_next_time(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp")
    listed.table.select("Oak Lamp")
    with losing(page, "**/action/**"):
        listed.bulk_bar.choose("Delete")
    page.keyboard.press("Escape")
    listed.bulk_bar.choose("Delete")
    listed.dialog.expect_asks("Delete 1 product?")


def test_lost_bulk_edit_can_be_sent_again(page: Page) -> None:
    page.clock.install()
    listed = ProductListPage(page).open("?q=oak+lamp")
    listed.table.select("Oak Lamp")
    listed.bulk_bar.choose("Edit…")
    form = BulkEditPage(page).choose(Status="Draft").preview().expect_outcome(1, 0, 0)
    with losing(page, page.url):
        form.apply("Change 1 product")
    page.clock.fast_forward(LAPSE_MS)
    form.apply("Change 1 product")
    ProductListPage(page).flashes.expect_only("1 product changed.", "success")


@pytest.mark.allow(page_error="The dialog did not come in time.")
def test_keys_work_after_the_script_of_a_dialog_failed_to_load(page: Page) -> None:
    page.clock.install()
    page.route("**/sheet.*.js", never_answered)
    listed = ProductListPage(page).open("?q=oak+lamp")
    with page.expect_request("**/sheet.*.js"):
        page.keyboard.press("?")
    page.keyboard.press("/")
    expect(listed.filters.search_field).not_to_be_focused()
    page.clock.fast_forward(LAPSE_MS)
    page.keyboard.press("/")
    expect(listed.filters.search_field).to_be_focused()


def test_export_does_not_lock_the_page(page: Page) -> None:
    listed = ProductListPage(page).open("?q=oak+lamp")
    with page.expect_download():
        listed.export_button.click()
    expect(page.locator("html")).not_to_have_attribute("data-busy")
    listed.filters.search("lamp")
    listed.filters.expect_chips("Search: lamp")


def test_cell_is_not_reported_as_saved_if_the_answer_breaks_off(page: Page) -> None:
    page.goto("/admin/products/?q=oak+lamp")
    page.route("**/cell/", lambda route: route.fulfill(status=200, body='{"shown": "5'))
    cells = Cells(page).open("stock", "Oak Lamp").type("5")
    cells.expect_problem("The console cannot be reached.", kept="5")


def test_palette_reports_a_broken_answer_and_works_again(page: Page) -> None:
    palette = Palette(page)
    ProductListPage(page).open("?q=oak+lamp")
    palette.open()
    page.route("**/admin/palette/?*", lambda route: route.fulfill(status=200, body='{"groups": ['))
    palette.find("brass arc")
    expect(palette.status).to_have_text("The console cannot be reached. Check your connection and try again.")
    page.unroute("**/admin/palette/?*")
    palette.find("brass arc ").expect_chosen("Brass Arc Floor Lamp")
