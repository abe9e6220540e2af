"""The merge page: fields that one user changed are merged, the others chosen, and no typed text is lost."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from dashboard.accounts.flows import change_password
from dashboard.accounts.models import User
from dashboard.admin.features.merging import Outcome, outcome
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Make, Stored
from unit.admin.merging import Open, choices, labels, settled
from unit.admin.payloads import CORPUS, dangers
from unit.admin.reading import field_errors, read, record_form
from unit.conftest import ClientAs, SetClock

OPEN, THEIRS, YOURS = "opened", "theirs", "yours"


@pytest.mark.parametrize(
    ("versions", "becomes"),
    [
        ((OPEN, OPEN, OPEN), Outcome.UNTOUCHED),
        ((OPEN, THEIRS, OPEN), Outcome.THEIRS),
        ((OPEN, OPEN, YOURS), Outcome.YOURS),
        ((OPEN, THEIRS, THEIRS), Outcome.BOTH),
        ((OPEN, THEIRS, YOURS), Outcome.CHOICE),
        ((None, THEIRS, THEIRS), Outcome.UNTOUCHED),
        ((None, THEIRS, YOURS), Outcome.CHOICE),
    ],
)
def test_field_that_one_side_changed_is_merged(versions: Any, becomes: Outcome) -> None:
    assert outcome(*versions) is becomes


def test_changes_of_different_fields_need_no_choice(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(name="Theirs", stock="3")
    answer = form.i_save(price="85.00", description="Mine")
    assert answer.status_code == 409
    assert settled(answer) == {
        "Name": "Took theirs",
        "Stock": "Took theirs",
        "Price": "Kept yours",
        "Description": "Kept yours",
    }
    assert choices(answer) == {}
    assert "Everything was merged automatically" in answer.text
    assert is_redirect(form.again(answer))
    row = stored("products", 1)
    assert (row["name"], row["stock"], str(row["price"]), row["description"]) == (
        "Theirs",
        3,
        "85.0000",
        "Mine",
    )


def test_same_change_by_both_is_merged(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(name="Same", stock="3")
    answer = form.i_save(name="Same")
    assert settled(answer) == {"Name": "Same in both", "Stock": "Took theirs"}
    assert is_redirect(form.again(answer))
    assert stored("products", 1)["name"] == "Same"


def test_field_that_both_changed_is_a_choice_without_a_default(opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00", status="archived", category="")
    answer = form.i_save(price="12.75", status="draft", stock="9")
    assert choices(answer) == {
        "price": ["12.75", "13.00", "12.50"],
        "status": ["draft", "archived", "active"],
    }
    assert settled(answer) == {"Stock": "Kept yours"}
    page = read(answer.text)
    assert labels(page) == ["Yours: 12.75", "Theirs: 13.00", "Original: 12.50"]
    radios = page.all("fieldset")[0].all("input", type="radio")
    assert all("required" in radio.attributes and "checked" not in radio.attributes for radio in radios)
    assert [group.all("legend")[0].text for group in page.all("fieldset")] == ["Price", "Status"]
    assert "Draft" in page.all("fieldset")[1].text


def test_field_says_who_changed_it_and_when(opened: Open, set_clock: SetClock) -> None:
    form = opened()
    form.they_save(name="Theirs", stock="3")
    set_clock(timedelta(minutes=3))
    page = read(form.i_save(name="Mine").text)
    notes = [note for note in page.all("p", class_="help") if note.all("time")]
    assert [note.all("span", class_="initials")[0].attributes["data-of"] for note in notes] == ["AA", "AA"]
    assert [note.text for note in notes] == ["Ada Admin changed this 3 minutes ago ."] * 2
    assert notes[0].attributes["id"] in page.all("fieldset")[0].attributes["aria-describedby"]


def test_own_change_in_another_window_is_named_you(opened: Open) -> None:
    form = opened()
    form.they_save(stock="3")
    form.mine.post(form.address, data={**record_form(form.mine.get(form.address).text), "stock": "4"})
    answer = form.i_save(stock="5")
    assert choices(answer) == {"stock": ["5", "4", "7"]}
    assert "You (in another window) changed this" in answer.text
    assert "You (in another window) saved changes while you were editing." in answer.text
    assert "just now" in answer.text


def test_message_names_the_last_of_several_who_saved(opened: Open, client_as: ClientAs) -> None:
    form = opened()
    form.they_save(name="Theirs")
    third = client_as("editor")
    third.post(form.address, data={**record_form(third.get(form.address).text), "stock": "4"})
    page = read(form.i_save(price="15.00").text)
    assert page.all(class_="summary")[0].all("li")[0].text == (
        "editor@example.test saved changes while you were editing. Your changes aren't saved yet."
    )


def test_message_about_a_change_unknown_to_the_history_names_nobody(opened: Open, app: Flask) -> None:
    form = opened()
    with app.app_context():
        db.session.execute(text("UPDATE products SET version = version + 1"))
        db.session.commit()
    page = read(form.i_save(price="15.00").text)
    assert page.all(class_="summary")[0].all("li")[0].text.startswith("Another user saved changes while")


def test_author_whose_account_was_deleted_is_another_user(opened: Open, app: Flask) -> None:
    form = opened()
    form.they_save(stock="3")
    with app.app_context():
        db.session.delete(the_account("admin"))
        db.session.commit()
    assert "Another user changed this" in form.i_save(stock="5").text


@pytest.mark.parametrize("button", [{}, {"dashboard-review": "1"}], ids=["save", "review"])
def test_missing_choice_is_asked_for_and_nothing_is_lost(
    button: dict[str, str], opened: Open, stored: Stored
) -> None:
    form = opened()
    form.they_save(price="13.00", name="Theirs", stock="3")
    answer = form.i_save(price="12.75", name="Mine", description="Long")
    before = stored("products", 1)
    again = form.again(answer, name="Mine", **button)
    assert again.status_code == 422
    assert stored("products", 1) == before
    assert field_errors(again.text) == {"price": "Choose one of these."}
    assert "<title>Error: " in again.text
    assert (choices(again), settled(again)) == (choices(answer), settled(answer))
    assert record_form(again.text)["name"] == "Mine"
    assert is_redirect(form.again(again, price="13.00"))
    row = stored("products", 1)
    assert (row["name"], str(row["price"]), row["description"], row["stock"]) == (
        "Mine",
        "13.0000",
        "Long",
        3,
    )


def test_error_links_to_its_choice(opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00")
    again = read(form.again(form.i_save(price="12.75")).text)
    [link] = again.all(class_="summary")[0].all("a")
    target = link.attributes["href"].removeprefix("#")
    assert again.all("input", id=target)[0].attributes["type"] == "radio"
    assert "price-error" in again.all("fieldset")[0].attributes["aria-describedby"]


def test_invalid_value_is_merged_before_it_is_refused(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(price="13.00", stock="3")
    answer = form.i_save(price="abc", description="Mine")
    assert choices(answer) == {"price": ["abc", "13.00", "12.50"]}
    ordinary = form.again(answer, price="abc")
    assert ordinary.status_code == 200
    assert "price" in field_errors(ordinary.text)
    kept = record_form(ordinary.text)
    assert (kept["price"], kept["description"], kept["stock"]) == ("abc", "Mine", "3")
    assert is_redirect(form.mine.post(form.address, data={**kept, "price": "15"}))
    row = stored("products", 1)
    assert (str(row["price"]), row["description"], row["stock"]) == ("15.0000", "Mine", 3)


def test_merge_can_be_reviewed_in_the_form_before_it_is_saved(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(price="13.00", name="Theirs")
    before = stored("products", 1)
    page = form.again(form.i_save(price="12.75", stock="9"), price="12.75", **{"dashboard-review": "1"})
    assert page.status_code == 200
    assert stored("products", 1) == before
    kept = record_form(page.text)
    assert (kept["name"], kept["price"], kept["stock"]) == ("Theirs", "12.75", "9")
    assert 'data-guard="changed"' in page.text
    assert "There is a problem" not in page.text
    assert is_redirect(form.mine.post(form.address, data=kept))
    row = stored("products", 1)
    assert (row["name"], str(row["price"]), row["stock"]) == ("Theirs", "12.7500", 9)


def test_price_and_currency_come_from_one_side(opened: Open) -> None:
    form = opened()
    form.they_save(currency="USD")
    answer = form.i_save(price="15.00")
    assert choices(answer) == {"price": ["15.00", "12.50"], "currency": ["EUR", "USD"]}


@pytest.mark.parametrize("broken", ["Mine\r\nof two", "Mine\nof two"])
def test_text_of_several_lines_is_stored_as_chosen(broken: str, opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(description="Theirs\r\nof two\r\n\r\nand more")
    answer = form.i_save(description=broken)
    assert choices(answer)["description"] == ["Mine\nof two", "Theirs\nof two\n\nand more", "One\nTwo"]
    chosen = choices(answer)["description"][1].replace("\n", "\r\n")  # as a browser sends it
    assert is_redirect(form.again(answer, description=chosen))
    assert stored("products", 1)["description"] == "Theirs\nof two\n\nand more"


def test_line_breaks_of_browsers_are_no_change(opened: Open) -> None:
    form = opened()
    form.they_save(description="Theirs")
    assert settled(form.i_save(description="One\r\nTwo")) == {"Description": "Took theirs"}


@pytest.mark.parametrize("payload", [*CORPUS, "Ünïcode 灯 🛋️", "x" * 5000])
def test_typed_text_is_escaped_and_shown_in_full(payload: str, opened: Open) -> None:
    form = opened()
    form.they_save(description="Theirs", name="New")
    answer = form.i_save(description=payload, name=payload, status=payload)
    assert dangers(answer.text) == []
    assert choices(answer)["description"][0] == payload
    again = form.again(answer)  # nothing chosen
    assert choices(again) == choices(answer)
    assert dangers(again.text) == []


def test_deleted_category_is_marked_as_no_longer_existing(opened: Open, make: Make) -> None:
    old, new, mine = (make("categories", name) for name in ("Old", "New", "My own"))
    form = opened(category_id=old)
    form.they_save(category=str(new))
    question = {"id": str(old), **record_form(form.theirs.get(f"/admin/categories/delete/?id={old}").text)}
    assert is_redirect(form.theirs.post("/admin/categories/delete/", data=question))
    answer = form.i_save(category=str(mine))
    assert choices(answer)["category"] == [str(mine), str(new), str(old)]
    assert labels(read(answer.text)) == [
        "Yours: My own",
        "Theirs: New",
        f"Original: {old} (no longer exists)",
    ]


def test_account_is_merged_by_name_and_role_only(opened: Open, stored: Stored) -> None:
    form = opened("users")
    form.they_save(role="editor", name="Theirs")
    answer = form.i_save(name="Mine")
    assert (list(choices(answer)), settled(answer)) == (["name"], {"Role": "Took theirs"})
    assert "password" not in read(answer.text).all("form", class_="merge")[0].text.lower()
    assert is_redirect(form.again(answer, name="Mine"))
    assert (stored("users", 3)["name"], stored("users", 3)["role"]) == ("Mine", "editor")


def test_new_password_during_the_edit_does_not_change_the_form(opened: Open, app: Flask) -> None:
    form = opened("users")
    with app.app_context():
        user = db.session.scalars(select(User).where(User.name == "Grace")).one()
        change_password(user, NEW_PASSWORD, keep_session=None)
        db.session.commit()
    answer = form.i_save(name="Mine")
    assert answer.status_code == 409
    assert (choices(answer), settled(answer)) == ({}, {"Name": "Kept yours"})
    assert is_redirect(form.again(answer))


def test_field_unknown_to_the_history_is_a_choice_unless_both_agree(opened: Open, app: Flask) -> None:
    form = opened()
    with app.app_context():
        db.session.execute(text("UPDATE products SET name = 'Theirs', version = version + 1"))
        db.session.execute(text("UPDATE products SET id = 77"))  # a record that the ledger has never seen
        db.session.commit()
    form.address = "/admin/products/edit/?id=77"
    kept = record_form(form.mine.get(form.address).text)
    with app.app_context():
        db.session.execute(text("UPDATE products SET stock = 3, version = version + 1"))
        db.session.commit()
    answer = form.mine.post(form.address, data={**kept, "name": "Mine"})
    assert choices(answer) == {"name": ["Mine", "Theirs"], "stock": ["7", "3"]}
    assert "The original is not known." in answer.text
