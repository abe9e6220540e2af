import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import add_category, add_product, category_id, empty
from e2e.components.flashes import named
from e2e.pages.category_form import CategoryFormPage
from e2e.pages.category_list import CategoryListPage
from e2e.pages.detail import CategoryDetailPage
from e2e.pages.error import ErrorPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

ODD = {
    "script": "'\"></div></main><script id=pwned>window.pwned=1</script>{{ 7*7 }}&amp;",
    "world": "مصابيح Lampen 👩\u200d👧 🇧🇷",
}
WRONG = {
    " ": "Name: Enter a name.",
    "Tab\there": "Name: Remove the control characters or line breaks.",
    "Garden": "Name: This name is already in use.",
    "G\u0430r\u200bden": "Name: The name of the category “Garden” looks the same. Choose another.",
}


def test_new_category_is_listed_and_offered_to_products(page: Page) -> None:
    CategoryListPage(page).open().new_button.click()
    CategoryFormPage(page).fill(name="Zips").create_button.click()
    listed = CategoryListPage(page).expect_open()
    listed.flashes.expect_only("Category “Zips” created.", "success")
    expect(listed.table.row("Zips").get_by_role("cell", name="0", exact=True)).to_be_visible()
    ProductFormPage(page).new().choose(category="Zips")


@pytest.mark.parametrize(("name", "error"), WRONG.items(), ids=["blank", "control", "in use", "lookalike"])
def test_invalid_name_is_refused_and_stays_in_the_field(page: Page, name: str, error: str) -> None:
    form = CategoryFormPage(page).new().fill(name=name)
    form.create_button.click()
    form.expect_errors(error).expect_values(name=name)
    expect(form.error_summary).to_be_focused()
    CategoryListPage(page).open().pager.expect_range(1, 10, 10)


def test_name_is_cut_at_its_longest_while_typing(page: Page) -> None:
    CategoryFormPage(page).new().fill(name="x" * 81).expect_values(name="x" * 80)


def test_renamed_category_keeps_its_products(page: Page) -> None:
    listed = CategoryListPage(page).open("?q=garden")
    listed.table.edit("Garden")
    CategoryFormPage(page).expect_values(name="Garden").fill(name="Orchard").save_button.click()
    listed.expect_open().flashes.expect_only("Category “Orchard” saved.", "success")
    ProductListPage(page).open("?q=GRD").filters.open().tick("Orchard").apply()
    ProductListPage(page).filters.expect_chips("Search: GRD", "Category: Orchard")


def test_name_in_use_is_refused_but_the_case_of_its_own_may_change(page: Page, server: Console) -> None:
    form = CategoryFormPage(page).edit(category_id(server, "Garden")).fill(name="TOOLS")
    form.save_button.click()
    form.title = "Edit Garden"
    told = "Name: The name of the category “Tools” looks the same. Choose another."
    form.expect_errors(told).expect_values(name="TOOLS")
    form.fill(name="GARDEN").save_button.click()
    CategoryListPage(page).expect_open().flashes.expect_only("Category “GARDEN” saved.", "success")


def test_cancel_keeps_the_name(page: Page, server: Console) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    CategoryFormPage(page).edit(category_id(server, "Garden")).fill(name="Orchard").cancel.click()
    listed = CategoryListPage(page).expect_open()
    listed.flashes.expect_none()
    expect(listed.table.link("Garden")).to_be_visible()


def test_empty_category_is_deleted_after_a_question(page: Page, server: Console) -> None:
    add_category(server, "Zips")
    listed = CategoryListPage(page).open()
    listed.table.delete("Zips")
    listed.dialog.expect_asks("Delete Zips?", "You can undo this")
    expect(listed.dialog.cancel_link).to_be_focused()
    listed.dialog.confirm("Delete category")
    listed.expect_open().flashes.expect_only("Category “Zips” deleted.", "success")
    expect(listed.table.link("Zips")).to_have_count(0)


@pytest.mark.postgresql
def test_category_with_products_is_not_deleted(page: Page) -> None:
    listed = CategoryListPage(page).open()
    listed.table.delete("Garden")
    listed.dialog.expect_asks(
        "Delete Garden?", "This category still holds 20 products. Move or delete them first."
    )
    listed.dialog.confirm("Delete category")
    listed.expect_open().flashes.expect_only(
        "“Garden” still holds 20 products. Move or delete them first.", "error"
    )
    expect(listed.table.link("Garden")).to_be_visible()


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_odd_names_are_shown_literally_everywhere(page: Page, name: str) -> None:
    CategoryFormPage(page).new().fill(name=name).create_button.click()
    listed = CategoryListPage(page).expect_open()
    listed.flashes.expect_only(f"Category “{named(name)}” created.", "success")
    expect(listed.flashes.all.locator("script, img, b, h1")).to_have_count(0)
    listed.table.link(name).click()
    detail = CategoryDetailPage(page).expect_record(name)
    expect(page).to_have_title(f"{name} · Staff console")
    detail.delete()
    detail.dialog.expect_asks(f"Delete {name}?").cancel()
    filters = ProductListPage(page).open("?q=oak+lamp").filters.open().tick(name)
    filters.apply()
    filters.expect_chips("Search: oak lamp", f"Category: {name}")
    expect(page.locator("#pwned")).to_have_count(0)


def test_categories_are_sorted_by_number_of_products(page: Page, server: Console) -> None:
    add_category(server, "Mirrors")  # in the middle by name; all others have 20 products
    add_category(server, "Mats")
    add_product(server, "Door Mat", category_id=category_id(server, "Mats"))
    listed = CategoryListPage(page).open()
    listed.table.expect_sorted("Name", "ascending")
    listed.table.sort_by("Products").expect_sorted("Products", "ascending")
    expect(listed.table.names.nth(0)).to_have_text("Mirrors")
    expect(listed.table.names.nth(1)).to_have_text("Mats")
    listed.table.sort_by("Products").expect_sorted("Products", "descending")
    expect(listed.table.names.nth(-2)).to_have_text("Mats")
    expect(listed.table.names.last).to_have_text("Mirrors")


def test_search_without_results_can_be_cleared(page: Page) -> None:
    listed = CategoryListPage(page).open("?q=nothing+like+it")
    expect(listed.no_match).to_be_visible()
    listed.clear_filters.click()
    listed.pager.expect_range(1, 10, 10)


def test_console_without_categories_offers_to_add_one(page: Page, server: Console) -> None:
    empty(server)
    listed = CategoryListPage(page).open()
    expect(listed.nothing_yet).to_be_visible()
    listed.new_button.click()
    expect(CategoryFormPage(page).heading).to_have_text("New category")


@pytest.mark.allow(status=404)
def test_unknown_category_is_not_found(page: Page) -> None:
    page.goto("/admin/categories/details/?id=999")
    ErrorPage(page).expect_error(404, "Not found")
    paths = [
        f"/admin/categories/{screen}/?id={number}"
        for screen in ("details", "edit", "delete")
        for number in ("999", "", "-1", "1,2", "abc", "9" * 5000)
    ]
    found = {path[:60]: page.request.get(path).status for path in paths}
    assert set(found.values()) == {404}, found
