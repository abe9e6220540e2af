import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.accounts import add_account
from e2e.pages.detail import UserDetailPage
from e2e.pages.user_list import UserListPage
from e2e.server import DEACTIVATED, Console, email_of

VIEWER, EDITOR, ADMIN, OWNER = (email_of(role) for role in ("viewer", "editor", "admin", "owner"))


def test_list_shows_the_newest_users_first(page: Page) -> None:
    users = UserListPage(page).open().expect_open()
    users.table.expect_names(DEACTIVATED, ADMIN, EDITOR, VIEWER)
    for text in ("Viewer", "Deactivated"):
        expect(users.table.row(DEACTIVATED)).to_contain_text(text)
    for text in ("Editor", "Active"):
        expect(users.table.row(EDITOR)).to_contain_text(text)


@pytest.mark.security(76)
def test_search_reads_email_and_name_and_takes_symbols_literally(page: Page, server: Console) -> None:
    add_account(server, "hopper@example.test", name="Grace Hopper")
    add_account(server, "percent@example.test", name="100% Cotton")
    users = UserListPage(page).open()
    for words, found in {
        "editor@": EDITOR,
        "GRACE": "hopper@example.test",
        "100%": "percent@example.test",
    }.items():
        users.filters.search(words)
        users.table.expect_names(found)
    users.filters.search("no such person")
    expect(users.no_match).to_be_visible()


def test_filters_by_role_and_state_combine_and_can_be_cleared(page: Page) -> None:
    users = UserListPage(page).open()
    users.filters.open().tick("Viewer", "Editor", "Active").apply()
    users.table.expect_names(EDITOR, VIEWER)
    users.filters.expect_chips(re.compile("Role: Viewer"), re.compile("^Editor"), re.compile("State: Active"))
    users.filters.chip("Role", "Viewer").click()
    users.table.expect_names(EDITOR)
    users.filters.clear()
    users.table.expect_names(DEACTIVATED, ADMIN, EDITOR, VIEWER)


def test_address_restores_a_filtered_list(page: Page) -> None:
    users = UserListPage(page).open("?state=deactivated&sort=email").expect_open()
    users.table.expect_names(DEACTIVATED)
    users.filters.expect_chips(re.compile("State: Deactivated"))
    users.filters.open()
    expect(users.filters.panel.get_by_role("checkbox", name="Deactivated")).to_be_checked()


def test_columns_sort_both_ways_and_previous_follows_the_order(page: Page) -> None:
    users = UserListPage(page).open()
    users.table.sort_by("Email").expect_sorted("Email", "ascending")
    users.table.expect_names(ADMIN, DEACTIVATED, EDITOR, VIEWER)
    users.table.sort_by("Email").expect_sorted("Email", "descending")
    users.table.expect_names(VIEWER, EDITOR, DEACTIVATED, ADMIN)
    users.table.link(EDITOR).click()
    user = UserDetailPage(page).expect_record(EDITOR)
    user.expect_fact("Role", "Editor").expect_fact("Sessions", "1").expect_fact("Name", "—")
    user.neighbours.get_by_role("link", name="Previous").click()
    user.expect_record(VIEWER)


def test_no_page_shows_a_password_hash(page: Page, server: Console) -> None:
    for path in ("", "details/?id=1", "edit/?id=1"):
        page.goto(f"/admin/users/{path}")
        expect(page.get_by_role("main")).not_to_contain_text("argon2")
        assert "argon2" not in page.content()


def download(page: Page, users: UserListPage) -> list[dict[str, str]]:
    with page.expect_download() as download:
        users.export_button.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_contains_the_list_without_secrets_and_formulas(page: Page, server: Console) -> None:
    add_account(server, "formula@example.test", name="=HYPERLINK(1)")
    rows = download(page, UserListPage(page).open("?role=viewer&sort=email"))
    assert [row["email"] for row in rows] == [DEACTIVATED, "formula@example.test", VIEWER]
    assert [*rows[0]] == ["email", "name", "role", "active", "last_seen_at", "created_at"]
    assert rows[1]["name"] == "'=HYPERLINK(1)"
