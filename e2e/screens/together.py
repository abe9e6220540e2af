"""The states of a record that two users edit at once, and how to reach them."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.accounts.leases import renew
from dashboard.accounts.models import User
from dashboard.catalogue.models import Product
from e2e.pages.merge import MergePage
from e2e.pages.product_form import ProductFormPage
from e2e.server import Console, email_of


def merge_page(page: Page, server: Console) -> None:
    """Another user saved first: a short choice, a long one and a merged field."""
    form = ProductFormPage(page).edit(1).fill(name="Mine", description="Mine\nin two lines", price="9.00")
    with server.database() as session:
        product = session.get_one(Product, 1)
        product.name, product.description, product.stock = "Theirs", "Theirs, at length\n" * 40, 3
    form.save_button.click()
    MergePage(page).expect_merging("Theirs")


def merge_errors(page: Page, server: Console) -> None:
    """The merge page, sent without a choice."""
    merge_page(page, server)
    MergePage(page).save_button.click()
    expect(MergePage(page).error_summary).to_contain_text("Description: Choose one of these.")


def nothing_to_choose(page: Page, server: Console) -> None:
    """Another user saved first, and all fields are merged automatically."""
    form = ProductFormPage(page).edit(1).fill(name="Mine")
    with server.database() as session:
        session.get_one(Product, 1).stock = 3
    form.save_button.click()
    expect(MergePage(page).nothing_left).to_be_visible()


def gone(page: Page, server: Console) -> None:
    """Another user deleted the record."""
    form = ProductFormPage(page).edit(1).fill(description="W" * 500)
    with server.database() as session:
        session.delete(session.get_one(Product, 1))
    form.save_button.click()
    expect(page.get_by_role("region", name="Your unsaved changes")).to_be_visible()


def edited_by_others(page: Page, server: Console) -> None:
    """Another user with a name of maximum length edits the same product."""
    with server.database() as session:
        other = session.scalars(select(User).where(User.email == email_of("admin"))).one()
        other.name = "W" * 100
        renew(session.connection(), "products", 1, other.id)
    expect(ProductFormPage(page).edit(1).others).to_be_visible()
