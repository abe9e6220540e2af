"""Bulk actions ask first, change all selected records or none of them, and only those the user can see."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from unit.admin.conftest import Count, Make, Stored
from unit.admin.reading import flashes, read, record_form
from unit.conftest import ClientAs, CountQueries, Submit

ACTION = "/admin/products/action/"


@pytest.fixture
def three(make: Make) -> list[str]:
    """The ids of three products."""
    return [str(make("products", name)) for name in ("Lamp", "Chair", "<b>Table")]


@pytest.mark.parametrize(
    ("action", "sentence", "consequence"),
    [
        ("active", "Activate 3 products", "You can undo this."),
        ("draft", "Move 3 products to draft", "You can undo this."),
        ("archived", "Archive 3 products", "You can undo this."),
        ("delete", "Delete 3 products", "You can restore them from the trash for 30 days."),
    ],
)
def test_question_says_what_is_done_to_which_records_and_what_follows(
    action: str, sentence: str, consequence: str, owner: FlaskClient, three: list[str], submit: Submit
) -> None:
    text = submit(owner, ACTION, action=action, rowid=three).text
    page = read(text)
    assert page.all("h1")[0].text == f"{sentence}?"
    [question] = page.all("form", class_="confirm")
    assert the_consequence(text) == consequence
    assert [button.text for button in question.all("button")] == [sentence]
    assert [item.text for item in page.all(class_="names")[0].all("li")] == [
        "<b>Table",
        "Chair",
        "Lamp",
    ]


def test_question_names_the_first_20_records_and_counts_the_rest(
    owner: FlaskClient, make: Make, submit: Submit
) -> None:
    keys = [str(make("products")) for _ in range(23)]
    page = read(submit(owner, ACTION, action="delete", rowid=keys).text)
    named = [item.text for item in page.all(class_="names")[0].all("li")]
    assert (len(named), named[-1]) == (21, "and 3 more")
    form = record_form(submit(owner, ACTION, action="delete", rowid=keys).text)
    assert sorted(form.getlist("rowid")) == sorted(keys)


def the_consequence(page: str) -> str:
    """The sentence of a question about what follows."""
    [question] = read(page).all("form", class_="confirm")
    return question.all("p")[0].text


@pytest.mark.parametrize(
    ("days", "one", "several"),
    [
        (
            7,
            "You can restore it from the trash for 7 days.",
            "You can restore them from the trash for 7 days.",
        ),
        (1, "You can restore it from the trash for 1 day.", "You can restore them from the trash for 1 day."),
        (0, "You can restore it from the trash.", "You can restore them from the trash."),
    ],
)
def test_question_before_deleting_names_the_days_in_the_trash(
    days: int, one: str, several: str,
    app: Flask, owner: FlaskClient, submit: Submit, three: list[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = replace(app.extensions["settings"], trash_days=days)
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert the_consequence(owner.get(f"/admin/products/delete/?id={three[0]}").text) == one
    assert the_consequence(submit(owner, ACTION, action="delete", rowid=three).text) == several


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("active", "No change needed: 3 products were already active."),
        ("draft", "3 products moved to draft."),
        ("archived", "3 products archived."),
    ],
)
def test_confirming_sets_the_status_of_every_selected_product(
    status: str, words: str, owner: FlaskClient, three: list[str], submit: Submit, stored: Stored
) -> None:
    question = record_form(submit(owner, ACTION, action=status, rowid=three).text)
    assert owner.post(ACTION, data=question).location == "/admin/products/"
    assert {stored("products", int(key))["status"] for key in three} == {status}
    assert flashes(owner.get("/admin/products/").text) == [("success", words)]


def test_confirming_deletes_every_selected_product(
    owner: FlaskClient, three: list[str], submit: Submit, count: Count
) -> None:
    owner.post(ACTION, data=record_form(submit(owner, ACTION, action="delete", rowid=three).text))
    assert count("products") == 0
    assert flashes(owner.get("/admin/products/").text) == [("success", "3 products deleted.")]


def test_bulk_action_returns_to_the_filtered_list(
    owner: FlaskClient, three: list[str], submit: Submit
) -> None:
    back = "/admin/products/?q=a&sort=name"
    question = record_form(submit(owner, ACTION, action="draft", rowid=three, next=back).text)
    assert owner.post(ACTION, data=question).location == back


@pytest.mark.parametrize("rowid", [[], [""], ["999"], ["1,2"], ["²", "\0", "-1", "9" * 5000], ["' OR 1=1"]])
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_empty_selection_changes_nothing_and_warns(
    rowid: list[str],
    confirm: dict[str, str],
    owner: FlaskClient,
    three: list[str],
    submit: Submit,
    count: Count,
) -> None:
    answer = submit(owner, ACTION, action="delete", rowid=rowid, **confirm)
    assert answer.location == "/admin/products/"
    assert flashes(owner.get("/admin/products/").text) == [("warning", "Nothing is selected.")]
    assert count("products") == 3


def test_unknown_and_repeated_ids_are_ignored(
    owner: FlaskClient, three: list[str], submit: Submit, count: Count
) -> None:
    chosen = [three[0], three[0], "999", "x"]
    submit(owner, ACTION, action="delete", rowid=chosen, confirm="1")
    assert flashes(owner.get("/admin/products/").text) == [("success", "1 product deleted.")]
    assert count("products") == 2


@pytest.mark.parametrize("action", ["", "explode", "deactivate", "create", "\0", "delete "])
def test_unknown_action_is_400(
    action: str, owner: FlaskClient, three: list[str], submit: Submit, count: Count
) -> None:
    assert submit(owner, ACTION, action=action, rowid=three, confirm="1").status_code == 400
    assert count("products") == 3


def test_bulk_action_by_get_is_405(owner: FlaskClient, three: list[str], count: Count) -> None:
    assert owner.get(f"{ACTION}?action=delete&rowid={three[0]}&confirm=1").status_code == 405
    assert count("products") == 3


def test_only_users_who_may_write_are_offered_actions(client_as: ClientAs, three: list[str]) -> None:
    def offered(role: str) -> list[str]:
        page = read(client_as(role).get("/admin/products/").text)
        return [b.attributes["value"] for b in page.all("button", name="action")]

    assert offered("viewer") == []
    assert sorted(offered("editor")) == ["active", "archived", "delete", "draft", "edit", "export"]


def test_selected_accounts_are_deactivated_reactivated_and_deleted(
    owner: FlaskClient, make: Make, submit: Submit, stored: Stored
) -> None:
    keys = [make("users"), make("users")]
    for action, message, active in (
        ("deactivate", "2 accounts deactivated.", False),
        ("reactivate", "2 accounts reactivated.", True),
        ("delete", "2 accounts deleted.", None),
    ):
        submit(owner, "/admin/users/action/", action=action, rowid=keys, confirm="1")
        page = owner.get("/admin/users/").text
        assert flashes(page) == [("success", message)]
        assert ("/admin/revert/undo/" in page) == (action != "delete")  # as the question says
        assert [stored("users", key).get("active") for key in keys] == [active, active], action


def test_accounts_in_the_wanted_state_already_are_counted_apart(
    owner: FlaskClient, make: Make, submit: Submit
) -> None:
    keys = [make("users"), make("users"), make("users")]
    for action, chosen, message in (
        ("deactivate", keys[:1], "deactivated."),
        ("deactivate", keys[:1], "was already deactivated."),
        ("deactivate", keys, "2 accounts deactivated, 1 already was."),
        ("deactivate", keys, "No change needed: 3 accounts were already deactivated."),
        ("reactivate", keys[:2], "2 accounts reactivated."),
        ("reactivate", keys, "1 account reactivated, 2 already were."),
        ("reactivate", keys[:1], "was already active."),
    ):
        submit(owner, "/admin/users/action/", action=action, rowid=chosen, confirm="1")
        [(_, said)] = flashes(owner.get("/admin/users/").text)
        assert said.endswith(message)


def test_selection_with_own_account_changes_no_account(
    client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    admin = client_as("admin")
    myself, other = 1, make("users")
    assert stored("users", myself)["email"] == "admin@example.test"
    submit(admin, "/admin/users/action/", action="deactivate", rowid=[str(other), str(myself)], confirm="1")
    assert stored("users", other)["active"]
    assert stored("users", myself)["active"]
    [(category, message)] = flashes(admin.get("/admin/users/").text)
    assert (category, "your own account" in message) == ("error", True)


def test_selection_of_an_admin_leaves_out_owners(
    client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    boss, other = make("users", "owner"), make("users", email="kim@example.test")
    admin = client_as("admin")
    submit(admin, "/admin/users/action/", action="delete", rowid=[str(boss), str(other)], confirm="1")
    assert stored("users", boss)
    assert not stored("users", other)
    assert flashes(admin.get("/admin/users/").text) == [("success", "1 account deleted.")]


def test_number_of_queries_does_not_grow_with_the_selection(
    owner: FlaskClient, make: Make, submit: Submit, count_queries: CountQueries
) -> None:
    def selects(number: int) -> int:
        keys = [str(make("products")) for _ in range(number)]
        with count_queries() as statements:
            submit(owner, ACTION, action="archived", rowid=keys, confirm="1")
        return sum(sql.startswith("SELECT") for sql in statements)

    assert selects(2) == selects(40)


def test_products_that_have_the_status_already_get_no_new_version(
    owner: FlaskClient, three: list[str], submit: Submit, stored: Stored
) -> None:
    first, *others = three
    owner.post(ACTION, data=record_form(submit(owner, ACTION, action="draft", rowid=[first]).text))
    before = {key: stored("products", int(key)) for key in three}
    owner.get("/admin/products/")
    owner.post(ACTION, data=record_form(submit(owner, ACTION, action="draft", rowid=three).text))
    assert flashes(owner.get("/admin/products/").text) == [
        ("success", "2 products moved to draft, 1 already was.")
    ]
    after = {key: stored("products", int(key)) for key in three}
    assert after[first] == before[first]
    assert {after[key]["version"] - before[key]["version"] for key in others} == {1}
