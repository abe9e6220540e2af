"""Every screen in every state that people see, and how to get there."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import empty, product_id
from e2e.components.cells import Cells
from e2e.components.palette import Palette
from e2e.components.sheet import ShortcutSheet
from e2e.databases import SqliteFile
from e2e.forgery import post
from e2e.pages.detail import UserDetailPage
from e2e.pages.login import LoginPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.register import RegisterPage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.screens.histories import bulk_history, erase_errors, gone_account, history_filters, history_of_words
from e2e.screens.state import Reach, State, at
from e2e.screens.taking_back import TAKING_BACK
from e2e.screens.together import edited_by_others, gone, merge_errors, merge_page, nothing_to_choose
from e2e.screens.typed_again import TYPED_AGAIN
from e2e.server import Console


def login_errors(page: Page, _server: Console) -> None:
    """A failed sign-in."""
    LoginPage(page).open().submit.click()
    expect(LoginPage(page).error_summary).to_be_visible()


def register_errors(page: Page, _server: Console) -> None:
    """A registration with nothing right in it."""
    RegisterPage(page).open().submit.click()
    expect(RegisterPage(page).error_summary).to_be_visible()


def signed_out(page: Page, server: Console) -> None:
    """The sign-in page with the flash of having signed out."""
    page.context.add_cookies(server.storage_state("viewer")["cookies"])
    ProfilePage(page).open().nav.log_out()
    expect(LoginPage(page).flashes.all).to_be_visible()


def nothing_at(path: str) -> Reach:
    """A page over a catalogue that holds nothing."""

    def reach(page: Page, server: Console) -> None:
        empty(server)
        page.goto(path)

    return reach


def profile_errors(page: Page, _server: Console) -> None:
    """A name that is too long."""
    profile = ProfilePage(page).open()
    profile.name.fill("x" * 101)
    profile.save.click()
    expect(profile.error_summary).to_be_visible()


def password_errors(page: Page, _server: Console) -> None:
    """A password change with nothing right in it."""
    profile = ProfilePage(page).open()
    profile.change_password("wrong", "short", "other")
    expect(profile.error_summary).to_be_visible()


def profile_flash(page: Page, server: Console) -> None:
    """The profile with a flash and more than one session."""
    server.sign_in("viewer@example.test")
    profile = ProfilePage(page).open()
    profile.save.click()
    expect(profile.flashes.all).to_be_visible()


def charts_as_tables(page: Page, _server: Console) -> None:
    """The home with the figures of both charts open."""
    page.goto("/admin/")
    for summary in page.get_by_text("Show as table").all():
        summary.click()
    expect(page.get_by_role("table")).to_have_count(2)


def open_filters(page: Page, _server: Console) -> None:
    """The drawer with the filters."""
    products = ProductListPage(page).open("?q=lamp&status=active&price_min=5")
    products.filters.open()
    expect(products.filters.panel).to_be_visible()


def open_columns(page: Page, _server: Console) -> None:
    """The drawer with the columns, and a column that is gone."""
    products = ProductListPage(page).open("?q=lamp&column=weight&column=stock")
    products.columns.open()
    expect(products.columns.panel).to_be_visible()


def saved_views(page: Page, _server: Console) -> None:
    """A view that was changed since it was kept, among others."""
    products = ProductListPage(page).open("?q=lamp")
    for name in ("Lamps", "A view with a name that is longer than any tab"):
        products.views.keep_as(name)
    products.filters.search("oak lamp")
    expect(products.views.save_changes).to_be_visible()


def view_errors(page: Page, _server: Console) -> None:
    """A view without a name."""
    ProductListPage(page).open("?q=lamp").views.keep_as("")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def selection(page: Page, _server: Console) -> None:
    """Two rows are selected."""
    products = ProductListPage(page).open("?q=lamp")
    for box in products.table.table.get_by_role("checkbox").all()[1:3]:
        box.check()
    products.bulk_bar.expect_count(2)


def everything(page: Page, _server: Console) -> None:
    """Everything that a list shows is selected, on its other pages too."""
    products = ProductListPage(page).open("?status=active&size=10")
    products.table.select_all.check()
    products.bulk_bar.take_offer()
    expect(products.bulk_bar.count).to_contain_text("that match are selected")


def everything_offered(page: Page, _server: Console) -> None:
    """All rows of a page are selected, and there are more."""
    products = ProductListPage(page).open("?status=active&size=10")
    products.table.select_all.check()
    expect(products.bulk_bar.offer).to_be_visible()


def everything_question(page: Page, _server: Console) -> None:
    """The question before everything changes, as a page of its own."""
    page.goto("/admin/products/new/")
    post(page, "/admin/products/action/", action="archived", matching="sort=name")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set to archived: 200 products?")


def bulk_dialog(page: Page, server: Console) -> None:
    """The question before several products go."""
    selection(page, server)
    products = ProductListPage(page)
    products.bulk_bar.choose("Delete")
    expect(products.dialog.title).to_be_visible()


def bulk_question(page: Page, _server: Console) -> None:
    """The same question as a page of its own."""
    page.goto("/admin/products/new/")
    post(page, "/admin/products/action/", action="delete", rowid=list(range(1, 26)))
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete: 25 products?")


def palette(page: Page, _server: Console) -> None:
    """The command palette over a list, with something of each group."""
    page.goto("/admin/products/?q=oak+lamp")
    Palette(page).open().find("ca").expect_chosen("Products")
    expect(Palette(page).group("Records")).not_to_have_count(0)


def palette_without_a_match(page: Page, _server: Console) -> None:
    """The command palette with nothing in it."""
    page.goto("/admin/products/?q=oak+lamp")
    Palette(page).open().find("nothing like it").expect_says("No matches")


def cell_error(page: Page, _server: Console) -> None:
    """A cell of a list with a price that is none."""
    page.goto("/admin/products/?q=oak+lamp")
    Cells(page).open("price", "Oak Lamp").type("much").expect_problem("Enter a price", kept="much")


def cell_choice(page: Page, _server: Console) -> None:
    """A cell of a list with a choice."""
    page.goto("/admin/products/?q=oak+lamp")
    Cells(page).open("status", "Oak Lamp")


def shortcut_sheet(page: Page, _server: Console) -> None:
    """The sheet with the shortcuts of a list."""
    page.goto("/admin/products/?q=oak+lamp")
    page.keyboard.press("?")
    expect(ShortcutSheet(page).dialog).to_be_visible()


def delete_dialog(page: Page, _server: Console) -> None:
    """The question before a product goes."""
    page.goto("/admin/products/details/?id=1")
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def product_errors(page: Page, _server: Console) -> None:
    """A new product with nothing right in it."""
    form = ProductFormPage(page).new().fill(price="much", currency="?", stock="-1")
    form.create_button.click()
    expect(form.error_summary).to_be_visible()


def product_flash(page: Page, _server: Console) -> None:
    """The list after a change."""
    page.goto("/admin/products/edit/?id=1&next=/admin/products/%3Fq=lamp")
    ProductFormPage(page).save_button.click()
    expect(ProductListPage(page).flashes.all).to_be_visible()


def long_words(page: Page, server: Console) -> None:
    """A product whose words are as long as they may be."""
    with server.database() as session:
        session.connection().exec_driver_sql(
            "UPDATE products SET name = ?, description = ? WHERE id = 1", ("W" * 200, "W" * 2000)
        )
    page.goto(f"/admin/products/details/?id={product_id(server, 'W' * 200)}")


def user_errors(page: Page, _server: Console) -> None:
    """A new account with nothing right in it."""
    form = UserFormPage(page).new()
    form.create_button.click()
    expect(form.error_summary).to_be_visible()


def user_dialog(page: Page, _server: Console) -> None:
    """The question before somebody is shut out."""
    UserDetailPage(page).open_id(1).choose("Deactivate")
    expect(page.get_by_role("dialog")).to_be_visible()


def refusal(page: Page, _server: Console) -> None:
    """An error flash."""
    users = UserListPage(page).open()
    post(page, "/admin/users/action/", action="delete", confirm=1, rowid=[3])
    expect(users.flashes.all).to_be_visible()


def fault(page: Page, server: Console) -> None:
    """A page that fails over what is stored; every test gets the database back whole."""
    with server.database() as session:
        session.connection().exec_driver_sql("UPDATE products SET created_at = 'broken' WHERE id = 1")
    page.goto("/admin/products/details/?id=1")


def outage(page: Page, server: Console) -> None:
    """A page of a console whose database was deleted; every test gets it back."""
    assert isinstance(server.store, SqliteFile)
    for part in server.store.file.parent.glob(f"{server.store.file.name}*"):
        part.unlink()
    page.goto("/admin/products/")


# One list is looked at in its usual length, by way of "already logged in"; axe takes seconds for that.
STATES = (
    State("login", None, at("/login")),
    State("login with errors", None, login_errors),
    State("login with a flash", None, signed_out),
    State("register", None, at("/register")),
    State("register with errors", None, register_errors),
    State("not found, signed out", None, at("/nowhere"), {"status": 404}),
    State("home", "viewer", at("/admin/")),
    State("home with charts as tables", "viewer", charts_as_tables),
    State("home over nothing", "viewer", nothing_at("/admin/")),
    State("home of an admin", "admin", at("/admin/")),
    State("profile", "viewer", at("/profile")),
    State("profile with a flash and two sessions", "viewer", profile_flash),
    State("profile with a faulty name", "viewer", profile_errors),
    State("profile with a faulty password", "viewer", password_errors),
    State("not found", "viewer", at("/nowhere"), {"status": 404}),
    State("no permission", "viewer", at("/admin/users/"), {"status": 403}),
    State("a fault", "viewer", fault, {"status": 500, "exception": "ValueError"}),
    State("no database", "viewer", outage, {"status": 503, "exception": "unable to open database file"}),
    State("already logged in", "viewer", at("/login")),
    State("products", "viewer", at("/admin/products/?size=10")),
    State("products of an editor", "editor", at("/admin/products/?size=10")),
    State("products, a page amid", "editor", at("/admin/products/?page=3&size=10&sort=-price")),
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
    State("products, none yet", "editor", nothing_at("/admin/products/")),
    State("products, none yet and no permission", "viewer", nothing_at("/admin/products/")),
    State("products with a selection", "editor", selection),
    State("products with more to select", "editor", everything_offered),
    State("products, everything selected", "editor", everything),
    State("question before everything changes", "editor", everything_question),
    State("products with a flash", "editor", product_flash),
    State("products with a faulty cell", "editor", cell_error, {"status": 422}),
    State("products with a choice in a cell", "editor", cell_choice),
    State("palette", "admin", palette),
    State("palette without a match", "viewer", palette_without_a_match),
    State("sheet of shortcuts", "admin", shortcut_sheet),
    State("question before a bulk delete", "editor", bulk_dialog),
    State("question before a bulk delete as a page", "editor", bulk_question),
    State("product", "viewer", at("/admin/products/details/?id=2")),
    State("product of an editor", "editor", at("/admin/products/details/?id=2")),
    State("product with endless words", "editor", long_words),
    State("question before a delete", "editor", delete_dialog),
    State("question before a delete as a page", "editor", at("/admin/products/delete/?id=1")),
    State("new product", "editor", at("/admin/products/new/")),
    State("new product with errors", "editor", product_errors),
    State("edit product", "editor", at("/admin/products/edit/?id=1")),
    State("edit product that somebody else edits", "editor", edited_by_others),
    State("merge", "editor", merge_page, {"status": 409}),
    State("merge with nothing chosen", "editor", merge_errors, {"status": "(409|422)"}),
    State("merge with nothing to choose", "editor", nothing_to_choose, {"status": 409}),
    State("edited, but gone", "editor", gone, {"status": 404}),
    State("categories", "editor", at("/admin/categories/")),
    State("category", "editor", at("/admin/categories/details/?id=1")),
    State("new category", "editor", at("/admin/categories/new/")),
    State("edit category", "editor", at("/admin/categories/edit/?id=1")),
    State("users", "admin", at("/admin/users/")),
    State("users with a refusal", "admin", refusal),
    State("user", "admin", at("/admin/users/details/?id=1")),
    State("oneself", "admin", at("/admin/users/details/?id=3")),
    State("new user", "admin", at("/admin/users/new/")),
    State("new user with errors", "admin", user_errors),
    State("edit user", "admin", at("/admin/users/edit/?id=1")),
    State("question before shutting somebody out", "admin", user_dialog),
    State("history", "admin", at("/admin/history/?kind=create&person=x")),
    State("history with open filters", "editor", history_filters),
    State("history without a match", "viewer", at("/admin/history/?kind=erase")),
    State("change set of many", "editor", bulk_history),
    State("history of a product", "viewer", history_of_words),
    State("history of an account that is gone", "owner", gone_account("/admin/users/history/")),
    State("question before erasing", "owner", gone_account("/admin/users/erase/")),
    State("question before erasing with errors", "owner", erase_errors),
    *TAKING_BACK,
    *TYPED_AGAIN,
)

# The fullest state of each kind of page.
KINDS = {"login with errors", "home of an admin", "profile", "products with filters", "product of an editor"}


def each(states: Iterable[State]) -> pytest.MarkDecorator:
    """Run a test once for each of them."""
    return pytest.mark.parametrize(("role", "reach"), [state.parameter() for state in states])


every_state = each(STATES)
every_kind = each(state for state in STATES if state.name in KINDS)
