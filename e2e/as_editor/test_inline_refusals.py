"""Cells that cannot be saved: the typed value stays, and the cell says what to do."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.accounts.models import User
from dashboard.catalogue.models import Product
from dashboard.permissions import Role
from dashboard.testing.harness.guard import Guard
from e2e.components.cells import Cells
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, ServerClock, email_of

LAMP = "Oak Lamp"
ADDRESS = "**/admin/products/cell/"


def the_editor(session: Session) -> User:
    """Return the account of the editor."""
    return session.scalars(select(User).where(User.email == email_of("editor"))).one()


def stock(server: Console) -> int:
    """The stored stock of the lamp."""
    with server.database() as session:
        return session.scalars(select(Product.stock).where(Product.name == LAMP)).one()


@pytest.mark.allow(request="cell")
def test_lost_connection_keeps_the_typed_value(page: Page, cells: Cells) -> None:
    page.route(ADDRESS, lambda route: route.abort("connectionrefused"))
    cells.open("stock", LAMP).type("5")
    cells.expect_problem("The console cannot be reached. Your text is still here. Try again.", kept="5")
    page.unroute(ADDRESS)
    cells.type("5").expect_saved("Stock", LAMP, "5")


@pytest.mark.allow(status=403)
def test_user_who_lost_the_role_is_told_at_the_cell(cells: Cells, server: Console) -> None:
    with server.database() as session:
        the_editor(session).role = Role.VIEWER
    cells.open("stock", LAMP).type("5")
    cells.expect_problem("Your role no longer allows this. Nothing was saved.", kept="5")
    assert stock(server) == 27


def test_logged_out_user_is_told_at_the_cell(cells: Cells, server: Console) -> None:
    with server.database() as session:
        the_editor(session).active = False
    cells.open("stock", LAMP).type("5")
    cells.expect_problem("You are logged out. Nothing was saved.", kept="5")
    assert stock(server) == 27


@pytest.mark.parametrize("ended", ["over night", "in another tab"])
def test_typed_value_is_saved_after_logging_in_again(
    page: Page, cells: Cells, server: Console, server_clock: ServerClock, guard: Guard, ended: str
) -> None:
    cells.open("stock", LAMP)
    if ended == "over night":
        server_clock.advance(hours=9)
        cells.type("5").expect_problem("You are logged out. Nothing was saved.", kept="5")
        with page.expect_popup() as popup:
            cells.problem.get_by_role("link", name="Log in in a new tab").click()
        other = popup.value
    else:
        other = page.context.new_page()
        ProductListPage(other).open().nav.log_out()
    LoginPage(other).log_in(email_of("editor"))
    ProductListPage(other).expect_open()
    if ended == "in another tab":
        guard.allow(status=400)
        cells.type("5").expect_problem("This page is out of date. Nothing was saved. Save again", kept="5")
    cells.save.click()
    cells.expect_saved("Stock", LAMP, "5")
    cells.open("stock", LAMP).type("6").expect_saved("Stock", LAMP, "6")


@pytest.mark.allow(status=404)
def test_deleted_product_is_reported_at_the_cell(cells: Cells, server: Console) -> None:
    with server.database() as session:
        session.delete(session.scalars(select(Product).where(Product.name == LAMP)).one())
    cells.open("stock", LAMP).type("5")
    cells.expect_problem("This record was deleted, or you no longer have access.", kept="5")


@pytest.mark.allow(status=400)
def test_stale_token_is_reported_at_the_cell(page: Page, cells: Cells, server: Console) -> None:
    page.evaluate("document.querySelector('[data-bulk] [name=csrf_token]').value = 'stale'")
    cells.open("stock", LAMP).type("5").expect_problem("This page is out of date.", kept="5")
    assert stock(server) == 27
