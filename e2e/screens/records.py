"""The states of a record: its page, its form and the question before deleting it."""

from playwright.sync_api import Page, expect

from e2e.catalogue import product_id
from e2e.pages.product_form import ProductFormPage
from e2e.screens.state import State, at
from e2e.screens.together import edited_by_others, gone, merge_errors, merge_page, nothing_to_choose
from e2e.server import Console


def delete_dialog(page: Page, _server: Console) -> None:
    """The question before a product is deleted."""
    page.goto("/admin/products/details/?id=1")
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def product_errors(page: Page, _server: Console) -> None:
    """A new product with every field invalid."""
    form = ProductFormPage(page).new().fill(price="much", currency="?", stock="-1")
    form.create_button.click()
    expect(form.error_summary).to_be_visible()


def long_words(page: Page, server: Console) -> None:
    """A product with words of maximum length."""
    with server.database() as session:
        session.connection().exec_driver_sql(
            "UPDATE products SET name = ?, description = ? WHERE id = 1", ("W" * 200, "W" * 2000)
        )
    page.goto(f"/admin/products/details/?id={product_id(server, 'W' * 200)}")


RECORDS = (
    State("product", "viewer", at("/admin/products/details/?id=2")),
    State("product of an editor", "editor", at("/admin/products/details/?id=2")),
    State("product with long words", "editor", long_words),
    State("question before a delete", "editor", delete_dialog),
    State("question before a delete on its own page", "editor", at("/admin/products/delete/?id=1")),
    State("new product", "editor", at("/admin/products/new/")),
    State("new product with errors", "editor", product_errors),
    State("edit product", "editor", at("/admin/products/edit/?id=1")),
    State("edit product that another user edits", "editor", edited_by_others),
    State("merge", "editor", merge_page, {"status": 409}),
    State("merge with nothing chosen", "editor", merge_errors, {"status": "(409|422)"}),
    State("merge with nothing to choose", "editor", nothing_to_choose, {"status": 409}),
    State("edited product that was deleted", "editor", gone, {"status": 404}),
    State("categories", "editor", at("/admin/categories/")),
    State("category", "editor", at("/admin/categories/details/?id=1")),
    State("new category", "editor", at("/admin/categories/new/")),
    State("edit category", "editor", at("/admin/categories/edit/?id=1")),
)
