"""Typed text is shown as text on every page, by an HTTP client."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.history.recording import describe
from dashboard.text.titles import title_fault
from unit.admin.conftest import Make
from unit.admin.payloads import CORPUS, dangers
from unit.admin.reading import flashes, read, record_form
from unit.conftest import Submit

pytestmark = pytest.mark.security(75)
TITLES = [
    payload for payload in CORPUS if title_fault(payload) is None
]  # the ones that a form accepts as a name


@pytest.mark.parametrize(
    "danger", ["<img src=x>", "<p onclick=x>", "<script>x</script>", "<blink>", "133000021", "<!-- x -->"]
)
def test_dangers_finds_each_kind_of_danger(danger: str) -> None:
    assert dangers(f"<main>{danger}</main>")


@pytest.mark.parametrize("payload", CORPUS)
def test_stored_text_is_escaped_on_every_page(payload: str, owner: FlaskClient, make: Make) -> None:
    category = make("categories", payload)
    product = make("products", payload, sku=payload, description=payload, category_id=category, stock=0)
    person = make("users", name=payload)
    pages = ["/admin/"]
    for screen, key in (("products", product), ("categories", category), ("users", person)):
        pages += [
            f"/admin/{screen}/",
            *(f"/admin/{screen}/{what}/?id={key}" for what in ("details", "edit", "delete")),
        ]
    for path in pages:
        html = owner.get(path).text
        assert dangers(html) == [], path
        if "/products/details/" in path:
            assert read(html).all("h1")[0].text == payload


@pytest.mark.parametrize("payload", CORPUS)
def test_stored_text_is_escaped_in_the_history(
    payload: str, app: Flask, owner: FlaskClient, make: Make
) -> None:
    category, product, person = (
        make("categories", payload),
        make("products", payload, sku=payload),
        make("users"),
    )
    with app.app_context():
        describe(db.session, note=payload)
        for model, key in ((Product, product), (Category, category), (User, person)):
            db.session.get_one(model, key).name = f"{payload} and {payload}"
        db.session.get_one(Product, product).description = f"{payload} before"
        db.session.commit()
        db.session.get_one(Product, product).description = f"{payload} after {payload}"
        db.session.commit()
        trash_products([product])
        db.session.commit()
        numbers = list(db.session.scalars(select(ChangeSet.id)))
    pages = ["/admin/history/", *(f"/admin/history/?record={kind}:1" for kind in ("products", "categories"))]
    pages += [f"/admin/history/details/?id={number}" for number in numbers]
    pages += [f"/admin/products/history/?id={product}", f"/admin/categories/history/?id={category}"]
    pages += [f"/admin/users/history/?id={person}", f"/admin/users/details/?id={person}"]
    texts = {path: owner.get(path).text for path in pages}
    assert {path: dangers(html) for path, html in texts.items() if dangers(html)} == {}
    assert read(texts[f"/admin/products/history/?id={product}"]).all("h1")[0].text.endswith("”")


@pytest.mark.parametrize("payload", CORPUS)
def test_stored_text_is_shown_in_full_in_its_form(payload: str, owner: FlaskClient, make: Make) -> None:
    key = make("products", payload, description=payload)
    form = record_form(owner.get(f"/admin/products/edit/?id={key}").text)
    assert (form["name"], form["description"]) == (payload, payload)


@pytest.mark.parametrize("payload", TITLES)
def test_typed_text_is_escaped_in_messages_questions_and_forms(
    payload: str, owner: FlaskClient, make: Make, submit: Submit
) -> None:
    submit(owner, "/admin/categories/new/", name=payload)
    page = owner.get("/admin/categories/").text
    assert dangers(page) == []
    assert flashes(page) == [("success", f"Category “{payload}” created.")]
    question = submit(owner, "/admin/categories/action/", action="delete", rowid="1").text
    assert dangers(question) == []
    assert read(question).all(class_="names")[0].text == payload
    fields = dict.fromkeys(
        ("sku", "name", "description", "price", "currency", "stock", "status", "category"), payload
    )
    assert dangers(submit(owner, "/admin/products/new/", **fields).text) == []
    fields = dict.fromkeys(("email", "name", "role"), payload)
    assert dangers(submit(owner, "/admin/users/new/", **fields).text) == []


@pytest.mark.parametrize("payload", CORPUS)
def test_parameters_of_an_address_are_escaped(payload: str, owner: FlaskClient, make: Make) -> None:
    make("products", "Lamp", sku="L")  # a number of its own might be the one that is looked for
    names = (
        "q",
        "status",
        "category",
        "price_min",
        "created_from",
        "sort",
        "page",
        "size",
        "next",
        "id",
        payload,
    )
    for path in (
        "/admin/",
        "/admin/products/",
        "/admin/users/",
        "/admin/products/new/",
        "/admin/history/",
        "/admin/products/history/",
        "/profile",
        "/nowhere",
    ):
        answer = owner.get(path, query_string=dict.fromkeys(names, payload))
        assert dangers(answer.text) == [], path


@pytest.mark.parametrize("payload", CORPUS)
def test_parameters_are_escaped_for_anonymous_users(payload: str, client: FlaskClient) -> None:
    for path in ("/login", "/register", "/nowhere", f"/{payload}"):
        assert dangers(client.get(path, query_string={"next": payload, payload: payload}).text) == [], path
