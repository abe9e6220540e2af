"""Doing something to many records: asked first, all or none, and only to those that may be seen."""

import pytest
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
    page = read(submit(owner, ACTION, action=action, rowid=three).text)
    assert page.all("h1")[0].text == f"{sentence}?"
    [question] = page.all("form", class_="confirm")
    assert question.all("p")[0].text == consequence
    assert [button.text for button in question.all("button")] == [sentence]
    assert [item.text for item in page.all(class_="names")[0].all("li")] == [
        "<b>Table",
        "Chair",
        "Lamp",
    ]


def test_a_long_selection_is_named_in_part_and_counted(
    owner: FlaskClient, make: Make, submit: Submit
) -> None:
    keys = [str(make("products")) for _ in range(23)]
    page = read(submit(owner, ACTION, action="delete", rowid=keys).text)
    named = [item.text for item in page.all(class_="names")[0].all("li")]
    assert (len(named), named[-1]) == (21, "and 3 more")
    assert (
        record_form(submit(owner, ACTION, action="delete", rowid=keys).text).getlist("rowid").__len__() == 23
    )


@pytest.mark.parametrize(
    ("status", "done"), [("active", "activated"), ("draft", "moved to draft"), ("archived", "archived")]
)
def test_confirming_sets_the_status_of_every_selected_product(
    status: str, done: str, owner: FlaskClient, three: list[str], submit: Submit, stored: Stored
) -> None:
    question = record_form(submit(owner, ACTION, action=status, rowid=three).text)
    assert owner.post(ACTION, data=question).location == "/admin/products/"
    assert {stored("products", int(key))["status"] for key in three} == {status}
    assert flashes(owner.get("/admin/products/").text) == [("success", f"3 products {done}.")]


def test_the_answer_to_the_question_deletes_all(
    owner: FlaskClient, three: list[str], submit: Submit, count: Count
) -> None:
    owner.post(ACTION, data=record_form(submit(owner, ACTION, action="delete", rowid=three).text))
    assert count("products") == 0
    assert flashes(owner.get("/admin/products/").text) == [("success", "3 products deleted.")]


def test_a_bulk_action_goes_back_to_the_list_as_it_was(
    owner: FlaskClient, three: list[str], submit: Submit
) -> None:
    back = "/admin/products/?q=a&sort=name"
    question = record_form(submit(owner, ACTION, action="draft", rowid=three, next=back).text)
    assert owner.post(ACTION, data=question).location == back


@pytest.mark.parametrize("rowid", [[], [""], ["999"], ["1,2"], ["²", "\0", "-1", "9" * 5000], ["' OR 1=1"]])
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_nothing_selected_changes_nothing_and_says_so(
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


def test_what_is_no_record_is_left_out_of_the_selection(
    owner: FlaskClient, three: list[str], submit: Submit, count: Count
) -> None:
    chosen = [three[0], three[0], "999", "x"]
    submit(owner, ACTION, action="delete", rowid=chosen, confirm="1")
    assert flashes(owner.get("/admin/products/").text) == [("success", "1 product deleted.")]
    assert count("products") == 2


@pytest.mark.parametrize("action", ["", "explode", "deactivate", "create", "\0", "delete "])
def test_an_action_that_does_not_exist_is_refused(
    action: str, owner: FlaskClient, three: list[str], submit: Submit, count: Count
) -> None:
    assert submit(owner, ACTION, action=action, rowid=three, confirm="1").status_code == 400
    assert count("products") == 3


def test_a_bulk_action_is_no_get(owner: FlaskClient, three: list[str], count: Count) -> None:
    assert owner.get(f"{ACTION}?action=delete&rowid={three[0]}&confirm=1").status_code == 405
    assert count("products") == 3


def test_the_list_offers_the_actions_to_those_who_may_use_them(client_as: ClientAs, three: list[str]) -> None:
    def offered(role: str) -> list[str]:
        page = read(client_as(role).get("/admin/products/").text)
        return [b.attributes["value"] for b in page.all("button", name="action")]

    assert offered("viewer") == []
    assert sorted(offered("editor")) == ["active", "archived", "delete", "draft", "edit"]


def test_several_accounts_are_deactivated_reactivated_and_deleted(
    owner: FlaskClient, make: Make, submit: Submit, stored: Stored
) -> None:
    keys = [str(make("users")), str(make("users"))]
    for action, message in (
        ("deactivate", "2 accounts deactivated."),
        ("reactivate", "2 accounts reactivated."),
        ("delete", "2 accounts deleted."),
    ):
        submit(owner, "/admin/users/action/", action=action, rowid=keys, confirm="1")
        assert flashes(owner.get("/admin/users/").text) == [("success", message)]
    assert stored("users", int(keys[0])) == {}


def test_a_selection_with_somebody_unmanageable_changes_nobody(
    client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    admin = client_as("admin")
    myself, other = 1, make("users")
    assert stored("users", myself)["email"] == "admin@example.test"
    submit(admin, "/admin/users/action/", action="deactivate", rowid=[str(other), str(myself)], confirm="1")
    assert stored("users", other)["active"]
    assert stored("users", myself)["active"]


def test_owners_are_left_out_of_an_admins_selection(
    client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    boss, other = make("users", "owner"), make("users")
    admin = client_as("admin")
    submit(admin, "/admin/users/action/", action="delete", rowid=[str(boss), str(other)], confirm="1")
    assert stored("users", boss)
    assert not stored("users", other)


def test_a_bulk_action_asks_the_database_once_for_the_records_however_many(
    owner: FlaskClient, make: Make, submit: Submit, count_queries: CountQueries
) -> None:
    def selects(number: int) -> int:
        keys = [str(make("products")) for _ in range(number)]
        with count_queries() as statements:
            submit(owner, ACTION, action="archived", rowid=keys, confirm="1")
        return sum(sql.startswith("SELECT") for sql in statements)

    assert selects(2) == selects(40)


def test_a_status_that_some_have_already_is_recorded_of_the_others_alone(
    owner: FlaskClient, three: list[str], submit: Submit, stored: Stored
) -> None:
    first, *others = three
    owner.post(ACTION, data=record_form(submit(owner, ACTION, action="draft", rowid=[first]).text))
    before = {key: stored("products", int(key)) for key in three}
    owner.get("/admin/products/")
    owner.post(ACTION, data=record_form(submit(owner, ACTION, action="draft", rowid=three).text))
    assert flashes(owner.get("/admin/products/").text) == [("success", "3 products moved to draft.")]
    after = {key: stored("products", int(key)) for key in three}
    assert after[first] == before[first]
    assert {after[key]["version"] - before[key]["version"] for key in others} == {1}
