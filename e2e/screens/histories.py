"""The states of the history, and how to reach them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from dashboard.accounts.models import User
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.models import Product
from e2e.accounts import add_account
from e2e.pages.history import HistoryPage
from e2e.server import Console


def history_of_words(page: Page, server: Console) -> None:
    """The history of a product with every kind of difference and words of maximum length."""
    texts = (
        "W" * 300,
        "A lamp of solid oak, with a shade of linen.",
        "A lamp of oiled elm, with a shade of linen.",
    )
    for text in texts:
        with server.database() as session:
            product = session.get_one(Product, 2)
            product.description, product.stock, product.category_id = text, product.stock + 1, None
    page.goto("/admin/products/history/?id=2")


def bulk_history(page: Page, server: Console) -> None:
    """A change set of many products, on one of its middle pages."""
    with server.database():
        change_products(range(1, 81), lambda row: {"stock": row["id"] + 1_000})
    page.goto("/admin/history/details/?id=2&after=240")
    expect(page.get_by_role("heading", level=1)).to_have_text("Edited 80 products")


def gone_account(path: str) -> Callable[[Page, Console], None]:
    """Return how to reach a page about a deleted account."""

    def reach(page: Page, server: Console) -> None:
        number = add_account(server, "leaver@example.test", name="Lee Aver")
        with server.database() as session:
            session.delete(session.get_one(User, number))
        page.goto(f"{path}?id={number}")

    return reach


def erase_errors(page: Page, server: Console) -> None:
    """The question before erasing, answered with another email."""
    gone_account("/admin/users/erase/")(page, server)
    page.get_by_label("Type “leaver@example.test” to confirm").fill("another@example.test")
    page.get_by_role("button", name="Erase history").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def history_filters(page: Page, _server: Console) -> None:
    """The drawer with the filters of the history."""
    history = HistoryPage(page).open("?kind=create&record=products:2&when_from=2020-01-01")
    history.filters.open()
    expect(history.filters.panel).to_be_visible()
