import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.guard import Guard
from e2e.accounts import add_account, stored
from e2e.forgery import post
from e2e.pages.detail import UserDetailPage
from e2e.pages.home import HomePage
from e2e.pages.merge import MergePage
from e2e.pages.product_list import ProductListPage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.server import Console, email_of

VIEWER, EDITOR, ADMIN = (email_of(role) for role in ("viewer", "editor", "admin"))
OpenAs = Callable[..., Page]
NEWCOMER = "newcomer@example.test"
NAMES = {
    "script": "<img src=x onerror=alert(1)><script>alert(2)</script>\" autofocus onfocus=alert(3) x='",
    "world": "Žofie 山田 🌷 \u0645\u0631\u062d\u0628\u0627 {{ 7 * 7 }}{% raw %} Tom &amp; Jerry",
}
GOOD = {"email": NEWCOMER, "name": "New Comer"}
FAULTY = [
    ({"email": ""}, "Email: Enter an email."),
    ({"email": "no address"}, re.compile("Email: .*@-sign")),
    ({"email": VIEWER.upper()}, re.compile("An account with this email already exists.")),
]


def test_invalid_invitation_is_shown_again_with_the_reason(page: Page, server: Console) -> None:
    form = UserFormPage(page).new()
    for fields, error in FAULTY:
        form.fill(**{**GOOD, **fields}).create_button.click()
        expect(form.error_summary).to_be_focused()
        expect(form.error_summary.get_by_role("listitem").first).to_have_text(error)
        expect(page).to_have_title("Error: Invite user · Staff console")
        form.expect_values(name="New Comer", email=fields.get("email", NEWCOMER))
    assert stored(server, NEWCOMER) is None


def test_cancel_invites_nobody_and_keeps_the_list_state(page: Page, server: Console) -> None:
    UserListPage(page).open("?sort=email").new_button.click()
    UserFormPage(page).cancel.click()
    UserListPage(page).expect_open().table.expect_sorted("Email", "ascending")
    assert stored(server, NEWCOMER) is None


def test_role_change_applies_from_the_users_next_request(
    page: Page, open_as: OpenAs, server: Console
) -> None:
    theirs = ProductListPage(open_as("viewer")).open("?q=oak+lamp").expect_open()
    expect(theirs.new_button).to_have_count(0)
    UserListPage(page).open().table.edit(VIEWER)
    UserFormPage(page).choose(role="Editor").fill(name="Vera").save_button.click()
    UserListPage(page).expect_open().flashes.expect_only(f"Account {VIEWER} saved.", "success")
    expect(theirs.reload().new_button).to_be_visible()
    theirs.nav.expect_logged_in(VIEWER, "editor")
    assert stored(server, VIEWER).name == "Vera"


@pytest.mark.allow(status=403)
def test_lost_role_applies_to_a_form_already_open(page: Page, open_as: OpenAs, server: Console) -> None:
    theirs = open_as("editor")
    theirs.goto("/admin/categories/new/")
    theirs.get_by_label("Name", exact=True).fill("Too late")
    UserFormPage(page).edit(stored(server, EDITOR).id).choose(role="Viewer").save_button.click()
    UserListPage(page).expect_open()
    theirs.get_by_role("button", name="Create category").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("No permission")


def test_no_role_above_ones_own_is_offered(page: Page) -> None:
    offered = page.get_by_label("Role").get_by_role("option")
    UserFormPage(page).new()
    expect(offered).to_have_text(["Viewer", "Editor", "Admin"])
    UserFormPage(page).edit(1)
    expect(offered).to_have_text(["Viewer", "Editor", "Admin"])


def test_forged_role_is_refused(page: Page, server: Console) -> None:
    form = UserFormPage(page)
    for given in ("owner", "root", ""):
        form.edit(1)
        version = page.locator("input[name=dashboard-version]").input_value()
        post(page, "/admin/users/edit/?id=1", **{"dashboard-version": version}, name="Forged", role=given)
        expect(form.error_summary).to_contain_text("Role")
        post(page, "/admin/users/new/", email=NEWCOMER, role=given)
        expect(form.error_summary).to_contain_text("Role")
    assert stored(server, VIEWER).role == "viewer"
    assert stored(server, NEWCOMER) is None


def test_fields_that_the_form_does_not_have_are_ignored(page: Page, server: Console) -> None:
    UserFormPage(page).edit(1)
    version = page.locator("input[name=dashboard-version]").input_value()
    extra = {"id": "3", "email": "other@example.test", "active": "", "password_hash": "x", "created_at": ""}
    post(
        page, "/admin/users/edit/?id=1", **{"dashboard-version": version}, name="Vera", role="viewer", **extra
    )
    UserListPage(page).expect_open().flashes.expect_only(f"Account {VIEWER} saved.", "success")
    account = stored(server, VIEWER)
    assert (account.id, account.name, account.active) == (1, "Vera", True)
    assert stored(server, ADMIN).name == ""


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_is_shown_as_typed_everywhere(page: Page, server: Console, name: str) -> None:
    number = add_account(server, NEWCOMER)
    form = UserFormPage(page).edit(number).fill(name=name)
    form.save_button.click()
    users = UserListPage(page).expect_open()
    expect(users.table.row(NEWCOMER)).to_contain_text(name)
    expect(HomePage(page).open().sign_ups).to_contain_text(name)
    UserDetailPage(page).open_id(number).expect_fact("Name", name)
    form.edit(number).expect_values(name=name)
    users.open().filters.search(name)
    users.table.expect_names(NEWCOMER)
    expect(users.filters.search_field).to_have_value(name)


def test_two_admins_do_not_overwrite_each_other(
    page: Page, open_as: OpenAs, server: Console, guard: Guard
) -> None:
    mine, theirs = UserFormPage(page).edit(1), UserFormPage(open_as("owner")).edit(1)
    theirs.fill(name="Theirs").save_button.click()
    UserListPage(theirs.page).expect_open()
    guard.allow(status=409)
    mine.fill(name="Mine").save_button.click()
    merge = MergePage(page, "account").expect_merging(VIEWER)
    merge.expect_choices(Name=["Yours: Mine", "Theirs: Theirs", "Original: (empty)"])
    assert stored(server, VIEWER).name == "Theirs"
    merge.choose(Name="Yours: Mine").save_button.click()
    UserListPage(page).expect_open()
    assert stored(server, VIEWER).name == "Mine"


def test_back_from_the_merge_page_does_not_overwrite_a_role(
    page: Page, open_as: OpenAs, server: Console, guard: Guard
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    mine = UserFormPage(page).edit(1).choose(role="Editor").fill(name="Mine")
    theirs = UserFormPage(open_as("owner")).edit(1).choose(role="Admin")
    theirs.save_button.click()
    UserListPage(theirs.page).expect_open()
    guard.allow(status=409)
    mine.save_button.click()
    MergePage(page, "account").expect_merging(VIEWER)
    page.go_back()
    mine.expect_values(role="editor", name="Mine").save_button.click()
    merge = MergePage(page, "account").expect_merging(VIEWER)
    merge.expect_choices(Role=["Yours: Editor", "Theirs: Admin", "Original: Viewer"])
    assert stored(server, VIEWER).role == "admin"
