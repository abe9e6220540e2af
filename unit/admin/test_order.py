"""Names are in the same order on every database: by their plain letters, those that are alike by age."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dashboard.accounts.leases import others_editing, renew
from dashboard.accounts.models import User
from dashboard.admin.screens.products import ProductView
from dashboard.catalogue.options import category_names
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.listing.cursor import Cursor
from dashboard.listing.state import read_state
from dashboard.listing.views import views_of
from dashboard.testing.accounts import the_account
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.reading import read, row_titles
from unit.conftest import ClientAs
from unit.factories.listing import a_view

ORDER = [
    "'quoted'", "(bracket)", "1 one", "10 ten", "2 two", "_low", "Äpfel", "apple", "Apple 2", "Banana",
    "banana 2", "Éclair", "éclair 2", "ﬁlter", "İstanbul", "Łódź", "son\u00adic", "Straße", "Strasse 2",
    "Zebra", "z\u200bebra 2", "~tilde", "ΛΆΜΠΑ", "λάμπας", "Яблоко", "яблоня", "한글", "漢字", "🛋",
]  # fmt: skip
SHUFFLED = sorted(ORDER, key=lambda name: name[::-1])


@pytest.fixture
def owner(app: Flask, client_as: ClientAs) -> FlaskClient:
    """An owner of a console in which everything there is has these names."""
    owner = client_as("owner")
    with app.app_context():
        for place, name in enumerate(SHUFFLED):
            a_product(name, sku=f"S-{place}", category=a_category(name))
            gone = a_product(name, sku=f"T-{place}")
            trash_products([gone.id])
            db.session.add(User(email=f"p{place}@example.test", name=name, password_hash=""))
        db.session.commit()
    return owner


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "path", ["products/?sort=name", "products/?sort=category", "categories/?sort=name", "trash/?sort=name"]
)
def test_a_list_is_in_one_order_on_every_database(path: str, owner: FlaskClient) -> None:
    rising = row_titles(owner.get(f"/admin/{path}&size=100").text)
    falling = row_titles(owner.get(f"/admin/{path.replace('=', '=-')}&size=100").text)
    assert rising == ORDER
    assert falling == ORDER[::-1]


@pytest.mark.both_databases
def test_people_are_in_that_order_too(owner: FlaskClient) -> None:
    page = owner.get("/admin/users/?sort=name&size=100").text
    emails = [f"p{SHUFFLED.index(name)}@example.test" for name in ORDER]
    assert [title for title in row_titles(page) if title.startswith("p")] == emails


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["products/?sort=name", "products/?sort=category", "categories/?sort=name"])
def test_paging_keeps_the_order(path: str, owner: FlaskClient) -> None:
    url, seen = f"/admin/{path}&size=10", list[str]()
    while url:
        page = owner.get(url).text
        seen += row_titles(page)
        links = [link.attributes for link in read(page).all("a", class_="icon-button")]
        url = next((link["href"] for link in links if link["aria-label"] == "Next page"), "")
    assert seen == ORDER


@pytest.mark.both_databases
def test_skus_and_addresses_are_in_order_whatever_the_case(app: Flask, client_as: ClientAs) -> None:
    owner = client_as("owner")
    with app.app_context():
        for sku in ("b-1", "A-2", "a_1", "B-2", "C", "A-10"):
            a_product(sku, sku=sku)
        db.session.commit()
    assert row_titles(owner.get("/admin/products/?sort=sku").text) == [
        "A-10",
        "A-2",
        "a_1",
        "b-1",
        "B-2",
        "C",
    ]


@pytest.mark.both_databases
def test_filter_options_and_the_bars_of_the_home_are_in_that_order(app: Flask, owner: FlaskClient) -> None:
    with app.app_context():
        assert [name for _, name in category_names()] == ORDER
    heads = read(owner.get("/admin/").text).all("table")[0].all("th")
    bars = [head.text for head in heads if head.text in ORDER]
    assert bars == ORDER[: len(bars)]
    assert bars


@pytest.mark.both_databases
def test_saved_views_and_editors_are_in_that_order(app: Flask, client_as: ClientAs) -> None:
    owner = client_as("owner")
    with app.app_context():
        me = the_account("owner")
        for name in ("Zebra", "apple", "Äpfel", "Banana"):
            a_view(me, name=name)
            person = User(email=f"{sum(map(ord, name))}@example.test", name=name, password_hash="")
            db.session.add(person)
            db.session.flush()
            renew(db.session.connection(), "products", 1, person.id)
        db.session.commit()
        order = ["Äpfel", "apple", "Banana", "Zebra"]
        assert [view.name for view in views_of(me, "products")] == order
    with owner:
        owner.get("/profile")  # it depends on the user who asks what else is shown of an editor
        editors = others_editing("products", 1, current_user.id)
    assert [name.partition(" (")[0] for name in editors] == order


@pytest.mark.both_databases
@pytest.mark.parametrize("value", ["Banana", "Äpfel", " apple", "a  b"])
def test_a_place_from_before_the_order_shows_the_first_page(value: str, owner: FlaskClient) -> None:
    token = Cursor("filled", value, 3).token("name")
    address = f"/admin/products/?sort=name&size=10&after={token}"
    assert row_titles(owner.get(address).text) == ORDER[:10]


@pytest.mark.both_databases
def test_a_change_of_name_moves_a_row_at_once(app: Flask, owner: FlaskClient) -> None:
    with app.app_context():
        product = a_product("Aardvark", sku="NEW-1")
        db.session.flush()
        product.name = "Zzz"
        db.session.commit()
    place = ORDER.index("~tilde")
    titles = row_titles(owner.get("/admin/products/?sort=name&size=100").text)
    assert titles == [*ORDER[:place], "Zzz", *ORDER[place:]]


def test_the_order_is_in_the_address_under_the_names_it_had() -> None:
    state = read_state(ProductView.listing, MultiDict({"sort": "-name"}))
    assert urlsplit(state.address("/x")).query == "sort=-name"
