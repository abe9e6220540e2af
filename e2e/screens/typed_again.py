"""The states of forms of another session or of one that has ended, and how to reach them."""

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict

from dashboard.accounts.drafts import store
from dashboard.accounts.models import User, UserSession
from e2e.components.cells import Cells
from e2e.pages.product_form import ProductFormPage
from e2e.pages.profile import ProfilePage
from e2e.screens.state import State
from e2e.server import Console, email_of

INVALID = "This form is no longer valid"


def came_back(page: Page, server: Console) -> None:
    """The text typed before the user was logged out."""
    with server.database() as session:
        editor = session.scalars(select(User).where(User.email == email_of("editor"))).one()
        fields = MultiDict({"name": "W" * 100, "description": "Mine\n" * 9})
        key = store(editor, "/admin/products/edit/?id=1", fields)
    page.goto(f"/admin/products/edit/?id=1&draft={key}")
    expect(page.get_by_text("Your changes are back")).to_be_visible()


def of_another_session(page: Page, _server: Console) -> None:
    """The form again, with the typed text."""
    form = ProductFormPage(page).edit(1).fill(name="Mine")
    page.locator("main [name=csrf_token]").evaluate("field => field.value = 'stale'")
    form.save_button.click()
    expect(form.error_summary).to_contain_text(INVALID)


def button_of_another_session(page: Page, _server: Console) -> None:
    """The page of a button that has no form to show again."""
    ProfilePage(page).open()
    form = page.locator("form", has=page.get_by_role("button", name="Change password"))
    form.locator("[name=csrf_token]").evaluate("field => field.value = 'stale'")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("main")).to_contain_text(INVALID)


def of_a_logged_out_user(page: Page, _server: Console) -> None:
    """The typed text, for copying."""
    form = ProductFormPage(page).edit(1).fill(name="W" * 200, description="Mine\n" * 9)
    page.context.clear_cookies()
    form.save_button.click()
    expect(page.get_by_role("region", name="Your unsaved changes")).to_be_visible()


def cell_logged_out(page: Page, server: Console) -> None:
    """A cell that cannot be saved before logging in again."""
    page.goto("/admin/products/?q=oak+lamp")
    with server.database() as session:
        session.execute(delete(UserSession))
    Cells(page).open("stock", "Oak Lamp").type("5")
    expect(Cells(page).problem).to_contain_text("You are logged out.")


TYPED_AGAIN = (
    State("edit product with a draft", "editor", came_back),
    State("edit product of another session", "editor", of_another_session, {"status": 400}),
    State("button of another session", "viewer", button_of_another_session, {"status": 400}),
    State("text typed by a logged-out user", "editor", of_a_logged_out_user, {"status": 400}),
    State("products with a cell of a session that ended", "editor", cell_logged_out),
)
