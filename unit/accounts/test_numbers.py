"""The form of numbers of a person: chosen in the profile, else that of the language of the browser."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.number_form import DEFAULT, number_form
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from dashboard.testing.markup import read, record_form
from unit.accounts.drafting import Enter, Late
from unit.conftest import ClientAs, Submit

LIST = "/admin/products/"
HOSTILE = ["", "roman", "point?", "comma\r\nX: y", "<script>", "A" * 3000]


@pytest.fixture
def product(app: Flask) -> int:
    """A product of 1,234.50 EUR."""
    with app.app_context():
        key = a_product("Oak Lamp", price=Decimal("1234.50")).id
        db.session.commit()
    return key


def price_shown(client: FlaskClient, language: str = "") -> str:
    """The price of the product in the list."""
    page = client.get(LIST, headers={"Accept-Language": language} if language else {})
    [row] = read(page.text).all("tbody")[0].all("tr")
    return min((each.text for each in row.all() if each.text.endswith(" EUR")), key=len)


def details(client: FlaskClient) -> dict[str, str]:
    """The fields of the form of the profile."""
    forms = [each.fields for each in read(client.get("/profile").text).all("form", action="/profile")]
    [found] = [each.to_dict() for each in forms if "numbers" in each]
    return found


def choose(client: FlaskClient, form: str) -> None:
    """Choose a form of numbers in the profile."""
    assert is_redirect(client.post("/profile", data={**details(client), "numbers": form}))


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("point", "1,234.50 EUR"),
        ("comma", "1.234,50 EUR"),
        ("space", "1 234,50 EUR"),
        ("apostrophe", "1'234.50 EUR"),
    ],
)
def test_form_that_is_chosen_in_the_profile_holds(
    form: str, shown: str, client_as: ClientAs, product: int
) -> None:
    editor = client_as("editor")
    choose(editor, form)
    assert price_shown(editor, "de") == shown
    choose(editor, "")
    assert price_shown(editor, "de") == "1.234,50 EUR"
    assert price_shown(editor) == "1,234.50 EUR"


@pytest.mark.parametrize("form", HOSTILE)
def test_cookie_with_no_form_is_ignored(form: str, client_as: ClientAs, product: int) -> None:
    editor = client_as("editor")
    editor.set_cookie("numbers", form)
    assert price_shown(editor) == "1,234.50 EUR"


@pytest.mark.parametrize("form", HOSTILE[1:])
def test_form_that_does_not_exist_cannot_be_chosen(form: str, client_as: ClientAs) -> None:
    editor = client_as("editor")
    answer = editor.post("/profile", data={**details(editor), "numbers": form})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers or "numbers=" not in answer.headers["Set-Cookie"]


def test_profile_that_names_no_form_keeps_the_chosen_one(
    client_as: ClientAs, product: int, submit: Submit
) -> None:
    editor = client_as("editor")
    choose(editor, "comma")
    assert is_redirect(submit(editor, "/profile", name="Kim", mode="dark"))
    assert price_shown(editor) == "1.234,50 EUR"


def test_form_of_a_request_ends_with_it(client_as: ClientAs, product: int) -> None:
    editor = client_as("editor")
    choose(editor, "comma")
    assert price_shown(editor) == "1.234,50 EUR"
    assert number_form() is DEFAULT
    assert price_shown(client_as("viewer")) == "1,234.50 EUR"


@pytest.mark.parametrize("then", ["", "point", "comma", "space", "apostrophe"])
def test_draft_means_what_was_typed_whatever_was_chosen_since(
    then: str, app: Flask, late: Late, submit: Submit, enter: Enter, product: int
) -> None:
    owner, address = late("owner"), f"/admin/products/edit/?id={product}"
    owner.set_cookie("numbers", "comma")
    sent = submit(owner, address, **{"price": "1.500", "dashboard-numbers": "comma"})
    owner.set_cookie("numbers", then)
    page = enter(owner, sent.location)
    form = record_form(page.text)
    assert form["price"] == "1.500"
    state = {name: form[name] for name in form if name.startswith("dashboard-")}
    assert state["dashboard-numbers"] == "comma"
    rest = {"name": "Elm", "sku": "ELM-1", "stock": "1", "currency": "EUR", "status": "active"}
    assert is_redirect(owner.post(f"{address}&draft=1", data={**form, **rest}))
    with app.app_context():
        assert db.session.get_one(Product, product).price == 1500


@pytest.mark.parametrize("then", ["", "point", "comma"])
def test_draft_of_a_preview_shows_what_was_typed_with_its_form(
    then: str, late: Late, client_as: ClientAs, submit: Submit, enter: Enter, product: int
) -> None:
    action, typed = "/admin/products/action/", {"price_how": "set", "price_by": "7.777"}
    editor = client_as("editor")
    editor.set_cookie("numbers", "comma")
    form = submit(editor, action, action="edit", rowid=str(product)).text
    preview = record_form(editor.post(action, data={**record_form(form), **typed}).text)
    preview.pop("csrf_token")
    owner = late("owner")
    page = enter(owner, submit(owner, action, **preview, confirm="1").location)
    owner.set_cookie("numbers", then)
    sent = record_form(page.text)
    assert (sent["price_by"], sent["dashboard-numbers"]) == ("7.777", "comma")
