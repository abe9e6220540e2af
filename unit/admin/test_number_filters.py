"""Filters take numbers in the form of the user, and their addresses have one form for everyone."""

from decimal import Decimal
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Make
from unit.admin.editing_many import LIST
from unit.admin.number_forms import FORMS, GERMAN, MARK, choose
from unit.admin.reading import field_errors, read, value


def narrowed(client: FlaskClient, mark: str, **typed: str) -> TestResponse:
    return client.get(LIST, query_string={**typed, MARK: mark} if mark else typed)


@pytest.mark.parametrize(
    ("mark", "typed", "address"),
    [
        ("comma", "1.234", "1234"),
        ("comma", "1,5", "1.5"),
        ("comma", "1,234", "1.2340"),
        ("space", "1 234,5", "1234.5"),
        ("apostrophe", "1'234.5", "1234.5"),
        ("comma?", "1.234,50", "1234.50"),
        ("comma", "many", "many"),
    ],
)
def test_filter_leads_to_an_address_that_has_one_form(
    mark: str, typed: str, address: str, editor: FlaskClient
) -> None:
    choose(editor, "point")
    answer = narrowed(editor, mark, price_min=typed, q="oak", price_max="")
    assert is_redirect(answer)
    assert f"price_min={address}" in answer.location
    assert "q=oak" in answer.location
    assert MARK not in answer.location


@pytest.mark.parametrize("form", FORMS)
def test_filter_of_an_address_finds_the_same_for_everyone(form: str, editor: FlaskClient, make: Make) -> None:
    make("products", "Oak", price=Decimal("1.5"))
    make("products", "Elm", price=Decimal(15))
    choose(editor, form)
    page = editor.get(f"{LIST}?price_min=1.2340&price_max=2").text
    assert "Oak" in page
    assert "Elm" not in page


@pytest.mark.parametrize("form", FORMS)
def test_filter_that_is_sent_again_finds_the_same(form: str, editor: FlaskClient, make: Make) -> None:
    make("products")
    address = f"{LIST}?price_min=1.2340&price_max=1234.5"
    choose(editor, form)
    bars = read(editor.get(address).text).all("form", class_="toolbar")
    [toolbar] = [each for each in bars if MARK in each.fields]
    assert toolbar.fields[MARK] == form
    again = editor.get(LIST, query_string=toolbar.fields.to_dict(flat=False))
    assert is_redirect(again)
    assert "price_min=1.2340" in again.location
    assert "price_max=1234.5" in again.location


def test_filter_that_can_mean_two_asks_which(editor: FlaskClient, make: Make) -> None:
    make("products")
    answer = narrowed(editor, "comma?", price_min="1.234")
    page = editor.get(answer.location, headers=GERMAN)
    [error] = field_errors(page.text).values()
    assert "can mean" in error


def test_question_is_asked_again_where_the_filter_is_sent_unchanged(editor: FlaskClient, make: Make) -> None:
    make("products")
    choose(editor, "space")
    address = narrowed(editor, "space", price_min="1.234").location
    for _ in range(2):
        page = editor.get(address).text
        [error] = field_errors(page).values()
        assert "can mean" in error
        assert value(page, "price_min") == "1.234"
        address = narrowed(editor, "space", price_min=value(page, "price_min")).location


@pytest.mark.parametrize("form", ["point", "comma"])
def test_filter_of_any_notation_is_kept_as_it_was_read(form: str, editor: FlaskClient, make: Make) -> None:
    make("products", stock=2000)
    page = editor.get(f"{LIST}?pieces_min=1.234&price_max=1.234,50").text  # nobody chose a form
    links = [each.attributes["href"] for each in read(page).all("a")]
    [saved] = [each for each in links if "views/new" in each]
    choose(editor, form)
    again = editor.get(unquote(saved.partition("next=")[2])).text
    assert value(again, "pieces_min") == "1234"
    assert value(again, "price_max") == ("1234,50" if form == "comma" else "1234.50")


def test_filter_shows_its_numbers_in_the_form_of_the_user(editor: FlaskClient, make: Make) -> None:
    make("products", price=Decimal(1234))
    choose(editor, "comma")
    page = editor.get(f"{LIST}?price_min=1234.5").text
    assert value(page, "price_min") == "1234,5"
    assert "1.234.5" not in page


def test_length_of_a_search_is_told_in_the_form_of_the_user(editor: FlaskClient, make: Make) -> None:
    make("products")
    choose(editor, "comma")
    page = editor.get(LIST, query_string={"q": "LMP-1 " * 400}).text
    assert "A search takes up to 2.000 characters." in page
