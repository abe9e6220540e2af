from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_category, add_product, product_id, products
from e2e.components.dialog import ConfirmationPage
from e2e.forgery import post
from e2e.pages.category_list import CategoryListPage
from e2e.pages.error import ErrorPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

ACTIONS = {
    "Activate": ("active", "Activate 2 products", "1 product activated, 1 already was."),
    "Move to draft": ("draft", "Move 2 products to draft", "1 product moved to draft, 1 already was."),
    "Archive": ("archived", "Archive 2 products", "2 products archived."),
}
LAMPS = ("Oak Lamp", "Salt Crystal Lamp")


def selecting(page: Page, *names: str) -> ProductListPage:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.table.select(*names)
    return listed


def statuses(server: Console, *names: str) -> set[str]:
    return {product["status"].value for product in products(server) if product["name"] in names}


def test_selection_shows_its_actions_beside_the_toolbar_until_cleared(page: Page) -> None:
    listed = ProductListPage(page).open("?q=lamp&sort=name")
    listed.bulk_bar.expect_hidden()
    expect(listed.filters.search_field).to_be_visible()
    listed.table.select("Oak Lamp")
    listed.bulk_bar.expect_count(1)
    expect(listed.filters.search_field).to_be_visible()
    expect(listed.table.select_all).to_be_checked(indeterminate=True)
    listed.table.select("Salt Crystal Lamp")
    listed.bulk_bar.expect_count(2).clear().expect_hidden()
    expect(listed.table.select_all).to_be_focused()
    expect(listed.table.table.get_by_role("checkbox", checked=True)).to_have_count(0)


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_changes_the_status_of_the_selected_products(
    page: Page, server: Console, action: str
) -> None:
    status, question, message = ACTIONS[action]
    add_product(server, "New Lamp", status="draft")
    selected = ("New Lamp", "Oak Lamp")
    listed = selecting(page, *selected)
    listed.bulk_bar.choose(action)
    listed.dialog.expect_asks(f"{question}?", "You can undo this.")
    listed.dialog.confirm(question)
    listed.expect_open().flashes.expect_only(message, "success")
    for name in selected:
        expect(listed.table.row(name).get_by_role("cell", name=status.capitalize())).to_be_visible()
    assert statuses(server, *selected) == {status}
    others = [each for each in products(server) if each["name"] not in selected]
    assert {each["version"] for each in others} == {1}


def test_selected_products_are_deleted(page: Page, server: Console) -> None:
    odd = "<img id=pwned src=x onerror=window.pwned=1> Lamp 👍🏽 مصباح"
    add_product(server, odd)
    listed = selecting(page, "Oak Lamp", odd)
    listed.bulk_bar.choose("Delete")
    listed.dialog.expect_asks("Delete 2 products?", "You can restore them from the trash for 30 days.")
    expect(listed.dialog.inside).to_contain_text(odd)
    expect(page.locator("#pwned")).to_have_count(0)
    listed.dialog.confirm("Delete 2 products")
    listed.expect_open().flashes.expect_only("2 products deleted.", "success")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=name")
    expect(listed.table.link("Salt Crystal Lamp")).to_be_visible()
    for name in ("Oak Lamp", odd):
        expect(listed.table.link(name)).to_have_count(0)
    assert len(products(server)) == 199


def test_question_names_twenty_of_a_whole_page_and_counts_the_rest(
    page: Page,
) -> None:
    listed = ProductListPage(page).open("?sort=name")
    names = listed.table.names.all_inner_texts()
    listed.table.select_all.check()
    listed.bulk_bar.expect_count(25).choose("Delete")
    listed.dialog.expect_asks("Delete 25 products?")
    expect(listed.dialog.inside.get_by_role("listitem")).to_have_text([*names[:20], "and 5 more"])
    listed.dialog.cancel()
    listed.table.select_all.uncheck()
    listed.bulk_bar.expect_hidden()


def test_cancel_and_escape_keep_the_selection_and_return_the_focus(page: Page, server: Console) -> None:
    listed = selecting(page, *LAMPS)
    for key in ("Enter", "Escape"):
        listed.bulk_bar.choose("Delete")
        expect(listed.dialog.cancel_link).to_be_focused()
        page.keyboard.press(key)
        listed.dialog.expect_closed()
        expect(listed.bulk_bar.tools.get_by_role("button", name="Delete")).to_be_focused()
        listed.bulk_bar.expect_count(2)
    assert len(products(server)) == 200


def test_without_javascript_a_page_asks_first(page_without_javascript: Page, server: Console) -> None:
    listed = selecting(page_without_javascript, *LAMPS)
    listed.bulk_bar.choose("Move to draft")
    question = ConfirmationPage(page_without_javascript).expect_asks("Move 2 products to draft?")
    expect(question.inside.get_by_role("listitem").filter(has_text="Oak Lamp")).to_be_visible()
    assert statuses(server, "Oak Lamp") == {"active"}
    question.confirm("Move 2 products to draft")
    listed.expect_open().flashes.expect_only("2 products moved to draft.", "success")
    expect(page_without_javascript).to_have_url("/admin/products/?q=lamp&sort=name")


def test_product_deleted_before_the_question_is_left_out(
    page: Page, open_as: Callable[..., Page], server: Console
) -> None:
    listed = selecting(page, *LAMPS)
    theirs = selecting(open_as("editor"), "Oak Lamp")
    theirs.bulk_bar.choose("Delete")
    theirs.dialog.confirm("Delete 1 product")
    theirs.expect_open()
    before = {each["name"]: each["version"] for each in products(server)}
    listed.bulk_bar.choose("Move to draft")
    listed.dialog.confirm("Move 1 product to draft")
    listed.expect_open().flashes.expect_only("1 product moved to draft.", "success")
    row = listed.table.row("Salt Crystal Lamp")
    expect(row.get_by_role("cell", name="Draft")).to_be_visible()
    expect(listed.table.link("Oak Lamp")).to_have_count(0)
    after = {each["name"]: each["version"] for each in products(server)}
    assert {name for name in before | after if before.get(name) != after.get(name)} == {"Salt Crystal Lamp"}


def test_action_without_a_selection_says_so(page: Page, server: Console) -> None:
    listed = ProductListPage(page).open("?size=10")
    post(page, "/admin/products/action/", action="delete", confirm="1", rowid=["abc", "-1", "9" * 21])
    listed.expect_open().flashes.expect_only("Nothing is selected.", "warning")
    assert len(products(server)) == 200


@pytest.mark.allow(status=400)
def test_unknown_action_is_refused(page: Page, server: Console) -> None:
    ProductListPage(page).open("?q=oak+lamp")
    post(page, "/admin/products/action/", action="remove", confirm="1", rowid=product_id(server, "Oak Lamp"))
    ErrorPage(page).expect_error(400, "Bad request")
    assert len(products(server)) == 200


def test_selected_empty_categories_are_deleted(page: Page, server: Console) -> None:
    for name in ("Zinc", "Zips"):
        add_category(server, name)
    listed = CategoryListPage(page).open("?q=z")
    listed.table.select("Zinc", "Zips")
    listed.bulk_bar.choose("Delete")
    listed.dialog.expect_asks("Delete 2 categories?").confirm("Delete 2 categories")
    listed.expect_open().flashes.expect_only("2 categories deleted.", "success")
    expect(listed.table.link("Zinc")).to_have_count(0)
    expect(listed.table.link("Zips")).to_have_count(0)


def test_category_with_products_stops_the_deletion_of_all_selected(page: Page, server: Console) -> None:
    add_category(server, "Zinc")
    listed = CategoryListPage(page).open()
    listed.table.select("Zinc", "Garden")
    listed.bulk_bar.choose("Delete")
    listed.dialog.confirm("Delete 2 categories")
    listed.expect_open().flashes.expect_only(
        "“Garden” still holds 20 products. Move or delete them first.", "error"
    )
    expect(listed.table.link("Zinc")).to_be_visible()
