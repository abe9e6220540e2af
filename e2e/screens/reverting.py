"""The states of undo, bulk edit, trash and revert, and how to reach them."""

import re
from unittest.mock import patch

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.admin.kit import bulk
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import trash_products
from dashboard.history.models import ChangeSet
from e2e.components.dialog import ConfirmationPage
from e2e.pages.bulk_edit import BulkEditPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.screens.histories import bulk_history
from e2e.screens.state import State, at
from e2e.server import Console
from e2e.workers import working

LONG = "W" * 200


def trash(page: Page, server: Console) -> None:
    """The trash with products, one of which has a name of maximum length."""
    _trashed(server)
    page.goto("/admin/trash/")
    expect(page.get_by_role("link", name=LONG)).to_be_visible()


def trashed(page: Page, server: Console) -> None:
    """A product in the trash, reached by a link to the product."""
    _trashed(server)
    page.goto("/admin/products/details/?id=1")
    expect(page.get_by_role("button", name="Restore", exact=True)).to_be_visible()


def purge_errors(page: Page, server: Console) -> None:
    """The question before a product is deleted permanently, answered with another name."""
    _trashed(server)
    page.goto("/admin/trash/purge/?id=1")
    page.get_by_role("textbox").fill("something else")
    page.get_by_role("button", name="Delete permanently").click()
    expect(ConfirmationPage(page).inside).to_contain_text("The name doesn't match.")


def undo_flash(page: Page, _server: Console) -> None:
    """The list after a change that can be undone."""
    page.goto("/admin/products/edit/?id=1&next=/admin/products/%3Fq=claw")
    ProductFormPage(page).fill(stock="3", name=f"Claw {'hammer ' * 20}").save_button.click()
    expect(ProductListPage(page).flashes.undo_button).to_be_visible()


def bulk_form(page: Page, _server: Console) -> None:
    """The form to edit many products."""
    products = ProductListPage(page).open("?q=lamp&sort=name")
    products.table.select("Oak Lamp", "Salt Crystal Lamp")
    products.bulk_bar.choose("Edit…")
    expect(BulkEditPage(page).preview_button).to_be_visible()


def bulk_errors(page: Page, server: Console) -> None:
    """The form to edit many products, with every field invalid."""
    bulk_form(page, server)
    form = BulkEditPage(page).choose(Price="Increase by %", Stock="Subtract")
    form.fill("Amount or percent", "much").preview()
    expect(form.error_summary).to_be_visible()


def bulk_preview(page: Page, server: Console) -> None:
    """The preview with changed, unchanged and skipped products."""
    with server.database() as session:
        first = session.get_one(Product, 1)
        first.name, first.stock = f"A{LONG[1:]}", 5
    ProductListPage(page).open("?sort=name&size=50").table.select_all.check()
    ProductListPage(page).bulk_bar.choose("Edit…")
    form = BulkEditPage(page).choose(
        Price="Decrease by amount", Status="Active", Stock="Add", Category="No category"
    )
    form.fill("Amount or percent", "40").fill("Quantity", "1").preview()
    expect(form.failures).to_be_visible()


def bulk_nothing(page: Page, server: Console) -> None:
    """A preview without changes."""
    bulk_form(page, server)
    form = BulkEditPage(page).choose(Stock="Subtract").fill("Quantity", "99999").preview()
    form.expect_outcome(0, 0, 2)


def bulk_done(page: Page, server: Console) -> None:
    """The page of a job that has changed many records, and can be undone."""
    products = ProductListPage(page).open()
    products.table.select_all.check()
    products.bulk_bar.take_offer().choose("Edit…")
    form = BulkEditPage(page).choose(Stock="Add").fill("Quantity", "1").preview()
    with patch.object(bulk, "MANY", 100), working(server):
        form.expect_outcome(200, 0, 0).apply("Change 200 products")
        expect(page.get_by_role("link", name="Undo")).to_be_visible()


def revert_question(page: Page, server: Console) -> None:
    """The preview of reverting, with a long text and fields that were empty."""
    with server.database() as session:
        product = session.get_one(Product, 2)
        product.description, product.stock, product.category_id = "W" * 300, 3, None
    page.goto(f"/admin/revert/?set={_last_set(server)}")
    expect(page.get_by_role("button", name="Revert", exact=True)).to_be_visible()


def revert_many(page: Page, server: Console) -> None:
    """The preview of reverting a change of more products than a page shows."""
    bulk_history(page, server)
    page.goto("/admin/revert/?set=2")
    expect(page.get_by_text("There are more.")).to_be_visible()


def revert_with_obstacle(page: Page, server: Console) -> None:
    """A change that cannot be reverted, because its field has been changed since."""
    revert_question(page, server)
    number = _last_set(server)
    with server.database() as session:
        session.get_one(Product, 2).stock = 4
    page.goto(f"/admin/revert/?set={number}")
    expect(page.get_by_role("heading", name="This can't be reverted")).to_be_visible()


def set_back_question(page: Page, server: Console) -> None:
    """The preview of setting a field back that has been changed since."""
    for stock in (3, 4):
        with server.database() as session:
            session.get_one(Product, 2).stock = stock
    page.goto("/admin/products/history/?id=2")
    page.get_by_role("link", name=re.compile("^Set back to .*: Stock")).last.click()
    expect(page.get_by_text("Stock has been changed since:")).to_be_visible()


def _trashed(server: Console) -> None:
    with server.database() as session:
        product = session.get_one(Product, 1)
        product.name = LONG
        session.flush()
        trash_products([1, 2])


def _last_set(server: Console) -> int:
    with server.database() as session:
        return session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()


REVERTING = (
    State("products with Undo", "editor", undo_flash),
    State("form to edit many", "editor", bulk_form),
    State("form to edit many with errors", "editor", bulk_errors),
    State("preview of editing many", "editor", bulk_preview),
    State("preview without changes", "editor", bulk_nothing),
    State("end of editing many", "editor", bulk_done),
    State("trash", "editor", trash),
    State("empty trash", "editor", at("/admin/trash/")),
    State("product in the trash", "editor", trashed),
    State("product in the trash, for an owner", "owner", trashed),
    State("question before purging with errors", "owner", purge_errors),
    State("question before reverting", "editor", revert_question),
    State("question before reverting many", "editor", revert_many),
    State("question before setting back", "editor", set_back_question),
    State("question before reverting with an obstacle", "editor", revert_with_obstacle),
)
