"""Merging again, where a third user saves before the second has chosen."""

from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Stored
from unit.admin.merging import Open, choices, settled
from unit.admin.reading import record_form


def test_change_of_a_third_user_is_merged_too(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(price="13.00", name="Theirs")
    answer = form.i_save(price="12.75", description="Mine")
    form.they_save(stock="3", name="Newer")
    again = form.again(answer, price="12.75")
    assert again.status_code == 409
    assert choices(again) == {}  # the price was chosen, and no other user has changed it since
    assert settled(again) == {
        "Name": "Took theirs",
        "Stock": "Took theirs",
        "Price": "Kept yours",
        "Description": "Kept yours",
    }
    assert is_redirect(form.again(again))
    row = stored("products", 1)
    assert (row["name"], row["stock"], str(row["price"])) == ("Newer", 3, "12.7500")


def test_chosen_field_changed_by_a_third_user_is_a_choice_again(opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75")
    form.they_save(price="14.00")
    assert choices(form.again(answer, price="12.75")) == {"price": ["12.75", "14.00", "13.00"]}


def test_choosing_theirs_takes_the_newest_of_theirs(opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75")
    form.they_save(price="14.00")
    again = form.again(answer, price="13.00")
    assert (choices(again), settled(again)) == ({}, {"Price": "Took theirs"})


def test_missing_choice_is_asked_for_after_a_third_user_saved(opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75", description="Mine")
    form.they_save(stock="3")
    again = form.again(answer)
    assert again.status_code == 409
    assert choices(again) == {"price": ["12.75", "13.00", "12.50"]}
    assert record_form(again.text)["description"] == "Mine"
