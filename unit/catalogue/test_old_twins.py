"""SKUs that differ in case only and are older than the rule against that: they stay, and are named."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import create_product, update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.reverting import ProductReverting
from dashboard.catalogue.skus import clashing
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.refusal import Refusal
from dashboard.search.keys import unique_sort_key
from dashboard.testing.catalogue import a_product
from unit.admin.reading import read, row_titles
from unit.conftest import ClientAs


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def a_twin(name: str, sku: str) -> Product:
    """A product as the upgrade leaves one whose SKU differs in case only from an older one's."""
    twin = a_product(name, sku=f"{sku}-new")
    own = {"sku": sku, "sku_key": unique_sort_key(sku), "sku_twin": sku.lower()}
    db.session.execute(
        update(Product).where(Product.id == twin.id).values(own), execution_options=PAST_LEDGER
    )
    db.session.commit()
    return twin


@pytest.fixture
def twins() -> tuple[Product, Product]:
    return a_product("Older", sku="abc"), a_twin("Later", "ABC")


def values(sku: str) -> dict[str, Any]:
    return {"sku": sku, "name": "New", "price": Decimal(1), "status": ProductStatus.DRAFT}


def clashes() -> list[str]:
    ids = clashing().subquery()
    its = select(Product.sku).where(Product.id.in_(select(ids.c[0]))).order_by(Product.id)
    return list(db.session.scalars(its))


def test_whatever_else_is_changed_of_them_the_skus_stay(twins: tuple[Product, Product]) -> None:
    for twin in twins:
        update_product(twin, {"sku": twin.sku, "name": "Renamed"})
    assert change_products([twin.id for twin in twins], lambda _: {"stock": 1}) == 2
    assert db.session.execute(select(Product.name, Product.stock)).all() == [("Renamed", 1)] * 2
    assert clashes() == ["abc", "ABC"]


@pytest.mark.parametrize("sku", ["Abc", "aBC"])
def test_no_other_product_gets_a_sku_like_theirs(sku: str, twins: tuple[Product, Product]) -> None:
    with pytest.raises(Refusal, match="differs in case only"):
        create_product(values(sku))


def test_a_sku_like_a_later_twins_is_refused_once_the_older_is_gone(
    twins: tuple[Product, Product],
) -> None:
    trash_products([twins[0].id])
    assert clashes() == []
    with pytest.raises(Refusal, match="has the SKU ABC, which differs in case only"):
        create_product(values("abc"))
    with pytest.raises(Refusal, match="Another product now has this SKU: ABC"):
        restore_products([twins[0].id])


def test_one_of_them_is_given_another_sku_and_both_are_ordinary(twins: tuple[Product, Product]) -> None:
    update_product(twins[1], {"sku": "XYZ"})
    assert clashes() == []
    assert (twins[1].sku_key, twins[1].sku_twin) == ("xyz", None)
    with pytest.raises(Refusal, match="differs in case only"):
        update_product(twins[1], {"sku": "ABC"})


def test_a_sku_like_that_of_another_does_not_come_back_from_the_history(
    twins: tuple[Product, Product],
) -> None:
    update_product(twins[1], {"sku": "XYZ"})
    with pytest.raises(Refusal, match="another product now has the SKU"):
        ProductReverting().change({twins[1].id: {"sku": "ABC"}})
    assert list(db.session.scalars(select(Product.sku).order_by(Product.id))) == ["abc", "XYZ"]


def test_no_product_is_restored_beside_one_whose_sku_differs_in_case() -> None:
    gone = a_product(sku="abc")
    trash_products([gone.id])
    create_product(values("ABC"))
    with pytest.raises(Refusal, match="Another product now has this SKU: ABC"):
        restore_products([gone.id])


def test_a_later_twin_comes_back_from_the_trash_as_an_ordinary_product(
    twins: tuple[Product, Product],
) -> None:
    key = twins[1].id
    trash_products([key])
    update_product(twins[0], {"sku": "other"})
    restore_products([key])
    restored = db.session.get_one(Product, key)
    assert (restored.sku, restored.sku_key, restored.sku_twin) == ("ABC", "abc", None)


def test_three_that_differ_in_case_are_named_until_one_is_left(twins: tuple[Product, Product]) -> None:
    third = a_twin("Last", "aBc")
    assert clashes() == ["abc", "ABC", "aBc"]
    trash_products([twins[0].id])
    assert clashes() == ["ABC", "aBc"]
    trash_products([third.id])
    assert clashes() == []


@pytest.fixture
def viewer(client_as: ClientAs) -> FlaskClient:
    return client_as("viewer")


def test_the_home_leads_to_them(viewer: FlaskClient, twins: tuple[Product, Product]) -> None:
    a_product("Ordinary", sku="abcd")
    db.session.commit()
    links = read(viewer.get("/admin/").text).all("ul", class_="attention")[0].all("a")
    urls = {link.text: link.attributes["href"] for link in links}
    page = viewer.get(urls["2 products whose SKUs differ only in case"]).text
    assert sorted(row_titles(page)) == ["Later", "Older"]
    assert "Differs from another in case only" in page


def test_the_filter_for_them_is_offered_only_once_it_is_used(viewer: FlaskClient) -> None:
    assert "in case only" not in viewer.get("/admin/products/").text
    assert "in case only" not in viewer.get("/admin/").text
    assert "in case only" in viewer.get("/admin/products/?sku=clashing").text
