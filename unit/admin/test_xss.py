"""Line 75, by an HTTP client: what people type is shown as text, wherever it appears."""

from html.parser import HTMLParser

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
from unit.admin.reading import flashes, read, record_form
from unit.conftest import Submit

CORPUS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*19000003 }}{% raw %}",
    "${7*19000003}",
    "<!--",
    "]]><blink>",
    "&lt;blink&gt;&amp;",
    "\u202e<blink>gnp.exe",
]
TITLES = [payload for payload in CORPUS if title_fault(payload) is None]  # what a form takes for a name
SAFE_SCRIPT = ("/static/console.", "/static/editing.")


class Dangers(HTMLParser):
    """What on a page would run, or would be an element that only a payload can have made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not values.get("src", "").startswith(SAFE_SCRIPT):
            self.found.append("script")
        if tag in ("img", "blink"):
            self.found.append(tag)
        self.found += [name for name in values if name.startswith("on")]
        self.found += [
            v for n, v in values.items() if n in ("href", "src", "action") and "script:" in v.lower()
        ]

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        if "133000021" in data:  # 7 * 19000003, which no random id holds: a template ran what was typed
            self.found.append(data)


def dangers(html: str) -> list[str]:
    parser = Dangers()
    parser.feed(html)
    parser.close()
    return parser.found


@pytest.mark.parametrize(
    "danger", ["<img src=x>", "<p onclick=x>", "<script>x</script>", "<blink>", "133000021", "<!-- x -->"]
)
def test_the_instrument_sees_what_it_looks_for(danger: str) -> None:
    assert dangers(f"<main>{danger}</main>")


@pytest.mark.parametrize("payload", CORPUS)
def test_what_is_stored_is_text_on_every_page_that_shows_it(
    payload: str, owner: FlaskClient, make: Make
) -> None:
    shelf = make("categories", payload)
    product = make("products", payload, sku=payload, description=payload, category_id=shelf, stock=0)
    person = make("users", name=payload)
    pages = ["/admin/"]
    for screen, key in (("products", product), ("categories", shelf), ("users", person)):
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
def test_what_was_stored_is_text_in_the_history(
    payload: str, app: Flask, owner: FlaskClient, make: Make
) -> None:
    shelf, product, person = (
        make("categories", payload),
        make("products", payload, sku=payload),
        make("users"),
    )
    with app.app_context():
        describe(db.session, note=payload)
        for model, key in ((Product, product), (Category, shelf), (User, person)):
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
    pages += [f"/admin/products/history/?id={product}", f"/admin/categories/history/?id={shelf}"]
    pages += [f"/admin/users/history/?id={person}", f"/admin/users/details/?id={person}"]
    texts = {path: owner.get(path).text for path in pages}
    assert {path: dangers(html) for path, html in texts.items() if dangers(html)} == {}
    assert read(texts[f"/admin/products/history/?id={product}"]).all("h1")[0].text.endswith("”")


@pytest.mark.parametrize("payload", CORPUS)
def test_what_is_stored_comes_back_whole_in_its_form(payload: str, owner: FlaskClient, make: Make) -> None:
    key = make("products", payload, description=payload)
    form = record_form(owner.get(f"/admin/products/edit/?id={key}").text)
    assert (form["name"], form["description"]) == (payload, payload)


@pytest.mark.parametrize("payload", TITLES)
def test_what_is_typed_is_text_in_a_flash_a_question_and_a_form_with_errors(
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
    fields = dict.fromkeys(("email", "name", "role", "password", "confirm"), payload)
    assert dangers(submit(owner, "/admin/users/new/", **fields).text) == []


@pytest.mark.parametrize("payload", CORPUS)
def test_what_an_address_holds_is_text_on_the_page(payload: str, owner: FlaskClient, make: Make) -> None:
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
def test_what_an_address_holds_is_text_for_strangers_too(payload: str, client: FlaskClient) -> None:
    for path in ("/login", "/register", "/nowhere", f"/{payload}"):
        assert dangers(client.get(path, query_string={"next": payload, payload: payload}).text) == [], path
