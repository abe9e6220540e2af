"""People by name: their initials, the colour of these, and what tells two of one name apart."""

import pytest
from flask import Flask

from dashboard.accounts.people import HUES, Person, initials_of, person_in_page
from dashboard.extensions import db
from dashboard.testing.accounts import an_account, the_account
from unit.admin.ledger import LIST
from unit.admin.reading import read
from unit.conftest import ClientAs, Submit


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ann Lee", "AL"),
        ("ann maria lee", "AL"),
        ("Ann", "A"),
        ("(Ann) 'Lee'", "AL"),
        ("李 明", "李明"),
        ("ßen Ötzi", "SS"),
        ("- •", "•"),
        ("", "•"),
    ],
)
def test_initials_are_those_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_person_is_the_name_with_initials_that_are_only_seen() -> None:
    html = person_in_page(Person("<b>Ann</b> Lee", 3, 'a"b@example.test', "<b>Ann</b> Lee"))
    assert html == (
        '<span class="person" title="a&quot;b@example.test">'
        '<span class="initials olive" data-of="BL" aria-hidden="true"></span>'
        "&lt;b&gt;Ann&lt;/b&gt; Lee</span>"
    )


def test_email_that_is_said_already_is_no_tooltip() -> None:
    assert "title" not in person_in_page(Person("ann@example.test", 3, "ann@example.test", ""))


def test_those_who_are_no_accounts_have_no_initials() -> None:
    assert person_in_page("Command <line>") == "Command &lt;line&gt;"
    assert person_in_page(None) == ""


def test_colour_follows_from_the_number_of_the_account() -> None:
    found = [Person("Ann", key, "", "Ann").hue for key in range(2 * len(HUES))]
    assert found == [*HUES, *HUES]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("role", "email", "told"),
    [("viewer", None, "Kim (no. 1)"), ("admin", "editor@example.test", "Kim (editor@example.test)")],
)
def test_name_stands_alone_until_another_account_has_it(
    role: str, email: str | None, told: str, app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        the_account("editor").name = "Kim"
        db.session.commit()
    submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    with app.app_context():
        an_account(email="other@example.test")
        db.session.commit()
    reader, other = client_as(role), client_as("other@example.test")
    [person] = read(reader.get(f"{LIST}?of=categories").text).all("span", class_="person")
    assert (person.text, person.attributes.get("title")) == ("Kim", email)
    submit(other, "/profile", name=" kim ", mode="dark")
    [person] = read(reader.get(f"{LIST}?of=categories").text).all("span", class_="person")
    assert (person.text, person.attributes.get("title")) == (told, None)


def test_history_is_searched_by_the_email_behind_a_name(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        the_account("editor").name = "Kim"
        db.session.commit()
    submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    found = {role: "Lamps" in client_as(role).get(f"{LIST}?q=editor%40").text for role in ("viewer", "admin")}
    assert found == {"viewer": False, "admin": True}
