"""The states of the product list, and of the dialogs and drawers over it."""

from playwright.sync_api import Page, expect

from e2e.components.cells import Cells
from e2e.forgery import post
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.screens.state import State, at, nothing_at
from e2e.server import Console


def open_filters(page: Page, _server: Console) -> None:
    """The drawer with the filters."""
    products = ProductListPage(page).open("?q=lamp&status=active&price_min=5")
    products.filters.open()
    expect(products.filters.panel).to_be_visible()


def open_columns(page: Page, _server: Console) -> None:
    """The drawer with the columns, and a message about an unknown column."""
    products = ProductListPage(page).open("?q=lamp&column=weight&column=stock")
    products.columns.open()
    expect(products.columns.panel).to_be_visible()


def saved_views(page: Page, _server: Console) -> None:
    """Two saved views, of which the current one has been changed."""
    products = ProductListPage(page).open("?q=lamp")
    for name in ("Lamps", "A view with a name that is longer than any tab"):
        products.views.save_as(name)
    products.filters.search("oak lamp")
    expect(products.views.save_changes).to_be_visible()


def view_errors(page: Page, _server: Console) -> None:
    """A view without a name."""
    ProductListPage(page).open("?q=lamp").views.save_as("")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def selection(page: Page, _server: Console) -> None:
    """Two selected rows."""
    products = ProductListPage(page).open("?q=lamp")
    for box in products.table.table.get_by_role("checkbox").all()[1:3]:
        box.check()
    products.bulk_bar.expect_count(2)


def everything(page: Page, _server: Console) -> None:
    """All records that match are selected, on all pages."""
    products = ProductListPage(page).open("?status=active&size=10")
    products.table.select_all.check()
    products.bulk_bar.take_offer()
    expect(products.bulk_bar.count).to_contain_text("that match are selected")


def everything_offered(page: Page, _server: Console) -> None:
    """All rows of a page are selected, and there are other pages."""
    products = ProductListPage(page).open("?status=active&size=10")
    products.table.select_all.check()
    expect(products.bulk_bar.offer).to_be_visible()


def everything_question(page: Page, _server: Console) -> None:
    """The question before all records are changed, on its own page."""
    page.goto("/admin/products/new/")
    post(page, "/admin/products/action/", action="archived", matching="sort=name")
    expect(page.get_by_role("heading", level=1)).to_have_text("Archive 200 products?")


def bulk_dialog(page: Page, server: Console) -> None:
    """The question before several products are deleted."""
    selection(page, server)
    products = ProductListPage(page)
    products.bulk_bar.choose("Delete")
    expect(products.dialog.title).to_be_visible()


def bulk_question(page: Page, _server: Console) -> None:
    """The same question on its own page."""
    page.goto("/admin/products/new/")
    post(page, "/admin/products/action/", action="delete", rowid=list(range(1, 26)))
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete 25 products?")


def cell_error(page: Page, _server: Console) -> None:
    """A cell of a list with an invalid price."""
    page.goto("/admin/products/?q=oak+lamp")
    Cells(page).open("price", "Oak Lamp").type("much").expect_problem("Enter a price", kept="much")


def cell_choice(page: Page, _server: Console) -> None:
    """A cell of a list with options."""
    page.goto("/admin/products/?q=oak+lamp")
    Cells(page).open("status", "Oak Lamp")


def product_flash(page: Page, _server: Console) -> None:
    """The list after a change."""
    page.goto("/admin/products/edit/?id=1&next=/admin/products/%3Fq=lamp")
    ProductFormPage(page).save_button.click()
    expect(ProductListPage(page).flashes.all).to_be_visible()


LISTS = (
    State("products", "viewer", at("/admin/products/?size=10")),
    State("products of an editor", "editor", at("/admin/products/?size=10")),
    State("products, a middle page", "editor", at("/admin/products/?page=3&size=10&sort=-price")),
    State("products with open filters", "editor", open_filters),
    State("products with open columns", "editor", open_columns),
    State("products with saved views", "editor", saved_views),
    State("saving a view with errors", "editor", view_errors),
    State(
        "products with filters",
        "editor",
        at("/admin/products/?q=lamp&status=active&stock=in&price_max=90"),
    ),
    State(
        "products with a faulty filter", "editor", at("/admin/products/?q=lamp&price_min=x&created_from=y")
    ),
    State("products without a match", "editor", at("/admin/products/?q=nothing+like+it")),
    State("empty catalogue", "editor", nothing_at("/admin/products/")),
    State("empty catalogue of a viewer", "viewer", nothing_at("/admin/products/")),
    State("products with a selection", "editor", selection),
    State("products with more to select", "editor", everything_offered),
    State("products, all that match selected", "editor", everything),
    State("question before all are changed", "editor", everything_question),
    State("products with a flash", "editor", product_flash),
    State("products with a faulty cell", "editor", cell_error, {"status": 422}),
    State("products with options in a cell", "editor", cell_choice),
    State("question before a bulk delete", "editor", bulk_dialog),
    State("question before a bulk delete as a page", "editor", bulk_question),
)
