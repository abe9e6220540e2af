"""Products and categories lead to each other, as records of other kinds do."""

import re

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.reading import row_titles
from unit.conftest import ClientAs

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lamp(app: Flask) -> int:
    """The key of a category with one product; another product has no category."""
    with app.app_context():
        lamps = a_category("Lamps")
        a_product("Desk lamp", category=lamps)
        a_product("Chair")
        db.session.commit()
        return lamps.id


def test_page_of_a_product_leads_to_its_category(lamp: int, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    html = viewer.get("/admin/products/details/?id=1").text
    assert f'<a href="/admin/categories/details/?id={lamp}">Lamps</a>' in html
    assert "categories/details" not in viewer.get("/admin/products/details/?id=2").text


def test_list_of_products_leads_to_their_categories(lamp: int, client_as: ClientAs) -> None:
    html = client_as("viewer").get("/admin/products/").text
    assert html.count("categories/details") == 1
    assert f'<a href="/admin/categories/details/?id={lamp}">Lamps</a>' in html


def test_page_of_a_category_leads_to_its_products(lamp: int, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    html = viewer.get(f"/admin/categories/details/?id={lamp}").text
    [(label, url, words)] = re.findall(r"<dt>([^<]+)</dt><dd><a href=\"([^\"]+)\">([^<]+)</a>", html)
    assert (label, words) == ("Products", "1 product")
    assert row_titles(viewer.get(url).text) == ["Desk lamp"]
