"""Accounts in the console: who sees whom, who may change whom, and which owner has to stay."""

import pytest
from flask.testing import FlaskClient

from dashboard.permissions import Role
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Count, Make, Stored
from unit.admin.reading import field_errors, flashes, read, record_form, row_titles
from unit.conftest import ClientAs, Submit

BOSS = "boss@example.test"
NEW = {"email": "new@example.test", "name": ""}
PAGES = ("details", "edit", "delete", "deactivate", "reactivate", "sign-out")


@pytest.fixture
def boss(make: Make) -> int:
    """Another owner."""
    return make("users", "owner", email=BOSS, name="Zora Boss")


@pytest.fixture
def admin(client_as: ClientAs) -> FlaskClient:
    return client_as("admin")


def edit(client: FlaskClient, submit: Submit, key: int, **fields: str) -> int:
    """Save the form of an account with these fields changed; the status of the answer."""
    address = f"/admin/users/edit/?id={key}"
    return client.post(address, data={**record_form(client.get(address).text), **fields}).status_code


@pytest.mark.parametrize(
    "address",
    [
        "", "?q=boss", "?q=zora", "?role=owner", "?role=owner&role=admin", "?sort=-role",
        "export/csv/", "export/csv/?q=boss", "export/csv/?role=owner",
    ],
)  # fmt: skip
def test_admin_finds_no_owner_in_lists_and_exports(address: str, admin: FlaskClient, boss: int) -> None:
    answer = admin.get(f"/admin/users/{address}")
    assert answer.status_code == 200
    assert not {BOSS, "Zora Boss"} & set(answer.text.replace(",", "\n").split("\n"))
    assert BOSS not in answer.text


def test_owner_sees_owners(owner: FlaskClient, boss: int) -> None:
    assert row_titles(owner.get("/admin/users/?q=zora").text) == [BOSS]
    assert BOSS in owner.get("/admin/users/export/csv/").text


@pytest.mark.both_databases
def test_emails_that_are_pasted_are_counted_by_state(owner: FlaskClient, boss: int) -> None:
    page = read(owner.get(f"/admin/users/?q={BOSS},owner@example.test&state=invited").text)
    row = page.all("nav", aria_label="Rows by state")[0]
    assert [link.text for link in row.all("a")] == ["All 2", "Active 2", "Invited 0", "Deactivated 0"]


def test_admin_is_offered_no_role_above_admin(admin: FlaskClient, make: Make) -> None:
    for address in ("/admin/users/new/", f"/admin/users/edit/?id={make('users')}"):
        options = read(admin.get(address).text).all("select", name="role")[0].all("option")
        assert [option.attributes["value"] for option in options] == ["viewer", "editor", "admin"]
    assert "owner" not in [
        o.attributes["value"] for o in read(admin.get("/admin/users/").text).all("input", name="role")
    ]


def test_role_field_describes_the_roles_that_can_be_given(
    admin: FlaskClient, owner: FlaskClient, make: Make
) -> None:
    def help_text(client: FlaskClient) -> str:
        page = read(client.get(f"/admin/users/edit/?id={key}").text)
        return page.all("p", id="role-help")[0].text

    key = make("users")
    for_admins = (
        "Viewers can see records. Editors can also create, change, delete and export them. "
        "Admins can also manage users."
    )
    assert help_text(admin) == for_admins
    assert help_text(owner) == (f"{for_admins} Owners can also manage other owners and delete permanently.")


def test_list_of_users_offers_to_invite_a_user(owner: FlaskClient) -> None:
    [link] = [a for a in read(owner.get("/admin/users/").text).all("a") if a.text == "Invite user"]
    assert read(owner.get(link.attributes["href"]).text).all("h1")[0].text == "Invite user"


def test_counts_shown_to_an_admin_leave_out_owners(admin: FlaskClient, owner: FlaskClient, boss: int) -> None:
    def counts(client: FlaskClient) -> tuple[str, str]:
        of_list = read(client.get("/admin/users/").text).all("span", class_="count")[0].text
        cards = read(client.get("/admin/").text).all("ul", class_="figures")[0].all("li")
        return of_list, next(card.all("strong")[0].text for card in cards if "Users" in card.text)

    assert counts(admin) == ("1", "1")
    assert counts(owner) == ("3", "3")


def test_home_of_an_admin_does_not_show_owners(admin: FlaskClient, boss: int) -> None:
    assert BOSS not in admin.get("/admin/").text


@pytest.mark.parametrize("what", PAGES)
def test_pages_of_an_owner_are_404_for_an_admin(
    what: str, admin: FlaskClient, boss: int, submit: Submit, stored: Stored
) -> None:
    before = stored("users", boss)
    assert admin.get(f"/admin/users/{what}/?id={boss}").status_code == 404
    if what != "details":
        assert (
            submit(admin, f"/admin/users/{what}/?id={boss}", id=str(boss), role="viewer").status_code == 404
        )
    assert stored("users", boss) == before


@pytest.mark.parametrize("role", ["owner", "emperor", "", "\0", "OWNER"])
def test_forged_role_above_admin_is_refused(
    role: str, admin: FlaskClient, make: Make, submit: Submit, stored: Stored, count: Count
) -> None:
    key = make("users")
    assert edit(admin, submit, key, role=role) == 200
    assert stored("users", key)["role"] == "viewer"
    before = count("users")
    assert submit(admin, "/admin/users/new/", **NEW, role=role).status_code == 200
    assert count("users") == before


@pytest.mark.parametrize("role", Role)
def test_owner_can_give_any_role(
    role: Role, owner: FlaskClient, make: Make, submit: Submit, stored: Stored
) -> None:
    key = make("users", "editor")
    assert edit(owner, submit, key, role=role) == 303
    assert stored("users", key)["role"] == role


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_viewers_and_editors_neither_see_nor_change_accounts(
    role: str, client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    key = make("users")
    before = stored("users", key)
    client = client_as(role)
    for what in ("", *(f"{page}/" for page in PAGES), "new/", "export/csv/"):
        assert client.get(f"/admin/users/{what}?id={key}").status_code == 403, what
    for what in ("new", "edit", "delete", "action", "deactivate", "reactivate", "sign-out"):
        answer = submit(client, f"/admin/users/{what}/?id={key}", id=str(key), role="owner")
        assert answer.status_code == 403, what
    assert stored("users", key) == before


@pytest.mark.parametrize("what", ["edit", "delete", "deactivate", "reactivate", "sign-out"])
def test_own_account_cannot_be_changed_on_the_users_screen(
    what: str, owner: FlaskClient, make: Make, submit: Submit, stored: Stored
) -> None:
    make("users", "owner")
    before = stored("users", 1)
    assert before["email"] == "owner@example.test"
    assert owner.get(f"/admin/users/{what}/?id=1").status_code == 403
    assert submit(owner, f"/admin/users/{what}/?id=1", id="1", role="viewer").status_code == 403
    assert stored("users", 1) == before


def test_own_row_and_page_offer_no_change(owner: FlaskClient) -> None:
    for address in ("/admin/users/", "/admin/users/details/?id=1"):
        main = read(owner.get(address).text).all("main")[0]
        offers = [
            a.text for a in main.all("a") if a.text in ("Edit", "Delete", "Deactivate", "Log out everywhere")
        ]
        assert offers == []


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("edit", {"role": "viewer"}),
        ("delete", {}),
        ("deactivate", {}),
        ("action", {"action": "deactivate", "confirm": "1"}),
        ("action", {"action": "delete", "confirm": "1"}),
    ],
)
def test_one_owner_stays_when_two_owners_remove_each_other(
    what: str, fields: dict[str, str], owner: FlaskClient, client_as: ClientAs, boss: int, stored: Stored
) -> None:
    other = client_as(BOSS)
    forms = [
        (client, key, record_form(client.get(f"/admin/users/edit/?id={key}").text))
        for client, key in ((owner, boss), (other, 1))
    ]
    for client, key, form in forms:  # both opened their forms before either was sent
        data = {**form, **fields, "id": str(key), "rowid": str(key)}
        assert client.post(f"/admin/users/{what}/?id={key}", data=data).status_code in (303, 403)
    assert (stored("users", 1)["role"], stored("users", 1)["active"]) == ("owner", True)
    after = stored("users", boss)
    assert not after or (after["role"], after["active"]) != ("owner", True)


def test_bulk_action_on_the_own_account_changes_no_account(
    owner: FlaskClient, boss: int, submit: Submit, stored: Stored
) -> None:
    for action in ("deactivate", "delete"):
        submit(owner, "/admin/users/action/", action=action, rowid=["1", str(boss)], confirm="1")
        assert stored("users", 1)["active"]
        assert stored("users", boss)["active"]


def test_deactivated_user_is_logged_out_and_can_be_reactivated(
    owner: FlaskClient, client_as: ClientAs, submit: Submit, stored: Stored
) -> None:
    viewer = client_as("viewer")
    assert viewer.get("/admin/").status_code == 200
    submit(owner, "/admin/users/deactivate/", id="2")
    assert is_redirect(viewer.get("/admin/"))
    assert flashes(owner.get("/admin/users/").text) == [
        ("success", "Account viewer@example.test deactivated.")
    ]
    submit(owner, "/admin/users/reactivate/", id="2")
    assert flashes(owner.get("/admin/users/").text) == [
        ("success", "Account viewer@example.test reactivated.")
    ]
    assert stored("users", 2)["active"]
    assert is_redirect(viewer.get("/admin/"))  # the old session stays dead


def test_log_out_everywhere_ends_every_session(
    owner: FlaskClient, client_as: ClientAs, submit: Submit
) -> None:
    browsers = [client_as("viewer"), client_as("viewer")]
    submit(owner, "/admin/users/sign-out/", id="2")
    assert [browser.get("/admin/").status_code for browser in browsers] == [302, 302]
    message = "Account viewer@example.test logged out everywhere."
    assert flashes(owner.get("/admin/users/").text) == [("success", message)]


@pytest.mark.parametrize(
    ("what", "title", "consequence"),
    [
        (
            "deactivate",
            "Deactivate viewer@example.test?",
            "This logs the user out immediately. They can't log in until you reactivate the account.",
        ),
        ("reactivate", "Reactivate viewer@example.test?", "The user can log in again."),
        (
            "sign-out",
            "Log out viewer@example.test?",
            "This logs the user out of every browser immediately.",
        ),
    ],
)
def test_account_actions_ask_first_and_say_what_follows(
    what: str, title: str, consequence: str, owner: FlaskClient, client_as: ClientAs, stored: Stored
) -> None:
    viewer = client_as("viewer")
    before = stored("users", 2)
    page = read(owner.get(f"/admin/users/{what}/?id=2").text)
    assert page.all("h1")[0].text == title
    assert page.all("form", class_="confirm")[0].all("p")[0].text == consequence
    assert stored("users", 2) == before
    assert viewer.get("/admin/").status_code == 200


@pytest.mark.parametrize("name", ["password_hash", "active", "id", "email", "created_at"])
def test_field_that_the_form_does_not_have_is_ignored(
    name: str, owner: FlaskClient, make: Make, submit: Submit, stored: Stored
) -> None:
    key = make("users")
    before = stored("users", key)
    extra = {name: "7" if name == "id" else ""} if name != "email" else {name: "evil@example.test"}
    assert edit(owner, submit, key, **extra) == 303
    assert stored("users", key) == before


def test_email_in_use_is_refused_and_the_form_is_kept(
    owner: FlaskClient, make: Make, submit: Submit, count: Count
) -> None:
    make("users", email=NEW["email"])
    answer = submit(owner, "/admin/users/new/", **{**NEW, "email": "NEW@example.test", "role": "editor"})
    assert answer.status_code == 200
    assert field_errors(answer.text) == {"email": "An account with this email already exists."}
    assert record_form(answer.text)["role"] == "editor"
    assert count("users") == 2
