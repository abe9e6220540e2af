"""All mine and All theirs on the merge page, and the words that differ in its long texts."""

import pytest

from unit.admin.conftest import Stored
from unit.admin.merging import Open, choices
from unit.admin.payloads import dangers
from unit.admin.reading import field_errors, read, record_form
from unit.conftest import ClientAs

ALL = "dashboard-all"
LONG = "A lamp of solid oak with a linen shade, made in small series by hand."
MINE, THEIRS = LONG.replace("solid oak", "ash"), LONG.replace("linen", "paper")


def marked(text: str) -> list[tuple[str, str]]:
    """The marked words in the first two long texts of a page."""
    found = read(text).all("div", class_="long")[:2]
    return [(each.tag, each.text) for part in found for each in (*part.all("del"), *part.all("ins"))]


@pytest.mark.parametrize(("side", "price", "stock"), [("mine", "12.75", "9"), ("theirs", "13.00", "3")])
def test_button_chooses_a_side_everywhere_and_saves_nothing(
    side: str, price: str, stock: str, opened: Open, stored: Stored
) -> None:
    form = opened()
    form.they_save(price="13.00", stock="3")
    answer = form.i_save(price="12.75", stock="9")
    before = stored("products", 1)
    again = form.again(answer, **{ALL: side})
    assert again.status_code == 200
    assert stored("products", 1) == before
    assert (choices(again), field_errors(again.text)) == (choices(answer), {})
    assert "<title>Merge changes" in again.text
    assert f"All {side} chosen. Nothing is saved yet." in read(again.text).text
    chosen = record_form(again.text)
    assert (chosen["price"], chosen["stock"]) == (price, stock)
    form.mine.post(form.address, data=chosen)
    assert stored("products", 1)["stock"] == int(stock)


def test_button_changes_choices_that_were_made(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75")
    again = form.again(answer, price="12.50", **{ALL: "theirs"})
    assert record_form(again.text)["price"] == "13.00"
    assert str(stored("products", 1)["price"]) == "13.0000"


def test_side_is_chosen_of_what_a_third_user_saved_since(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75")
    form.they_save(price="14.00")
    again = form.again(answer, **{ALL: "theirs"})
    assert again.status_code == 409
    assert record_form(again.text)["price"] == "14.00"
    assert str(stored("products", 1)["price"]) == "14.0000"


@pytest.mark.parametrize("side", ["", "both", "x" * 5000, "<script>"])
def test_unknown_side_chooses_nothing(side: str, opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00")
    again = form.again(form.i_save(price="12.75"), **{ALL: side})
    assert again.status_code == 422
    assert "price" not in record_form(again.text)


def test_forged_side_on_an_ordinary_form_changes_nothing_about_it(opened: Open, stored: Stored) -> None:
    form = opened()
    assert form.i_save(name="Mine", **{ALL: "theirs"}).status_code == 303
    assert stored("products", 1)["name"] == "Mine"


def test_role_that_may_not_edit_cannot_choose_either(opened: Open, client_as: ClientAs) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75")
    sent = {**record_form(answer.text), ALL: "mine"}
    assert client_as("viewer").post(form.address, data=sent).status_code in (400, 403)


def test_conflict_is_amber_and_a_missing_choice_red(opened: Open) -> None:
    form = opened()
    form.they_save(price="13.00")
    answer = form.i_save(price="12.75")
    assert len(read(answer.text).all("form", class_="conflict")) == 1
    assert read(form.again(answer).text).all("form", class_="conflict") == []


def test_words_that_differ_from_the_original_are_marked(opened: Open) -> None:
    form = opened(description=LONG)
    form.they_save(description=THEIRS)
    assert marked(form.i_save(description=MINE).text) == [
        ("del", "solid oak"),
        ("ins", "ash"),
        ("del", "linen"),
        ("ins", "paper"),
    ]


def test_text_without_a_common_word_is_not_marked(opened: Open) -> None:
    form = opened(description="x" * 80)
    form.they_save(description="y" * 80)
    assert marked(form.i_save(description="z" * 80).text) == []


def test_marked_words_are_escaped_and_the_whole_text_is_sent(opened: Open) -> None:
    form, evil = opened(description=LONG), f"{LONG} <img src=x onerror=alert(1)>"
    form.they_save(description=THEIRS)
    answer = form.i_save(description=evil)
    assert dangers(answer.text) == []
    assert choices(answer)["description"][0] == evil


def test_amount_of_one_version_and_currency_of_another_are_asked_again(opened: Open, stored: Stored) -> None:
    form = opened()
    form.they_save(price="78")
    answer = form.i_save(currency="CHF")
    mixed = form.again(answer, price="78.00", currency="CHF")
    assert mixed.status_code == 422
    words = "Choose the same version for these: they mean something only together."
    assert field_errors(mixed.text) == {"price": words, "currency": words}
    assert stored("products", 1)["currency"] == "EUR"
    assert form.again(mixed, price="78.00", currency="EUR").status_code == 303
    assert (stored("products", 1)["price"], stored("products", 1)["currency"]) == (78, "EUR")
