"""Reading the history screens in tests, and a change for them to show."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from unit.admin.reading import Element, read

LIST = "/admin/history/"
Write = Callable[..., int]


def change(**fields: Any) -> Callable[[], None]:
    """Give product 1 these values."""

    def change() -> None:
        for name, value in fields.items():
            setattr(db.session.get_one(Product, 1), name, value)

    return change


def whats(client: FlaskClient, query: str = "") -> list[str]:
    """The first column of the list."""
    return titles(client.get(f"{LIST}?{query}").text)


def titles(html: str) -> list[str]:
    """The text of the link in each row of the list."""
    return [head.all("a")[0].text for body in read(html).all("tbody") for head in body.all("th")]


def diffs(page: Element) -> list[tuple[str, str]]:
    """Every field on a page with its difference."""
    rows = [row for shown in page.all("dl", class_="diff") for row in shown.all("div")]
    return [(row.all("dt")[0].text, row.all("dd")[0].text) for row in rows]


def cells(page: Element) -> list[str]:
    """The first row of the list."""
    return [cell.text for cell in page.all("tbody")[0].all("tr")[0].all("td")]


def details(client: FlaskClient, key: int) -> Element:
    answer = client.get(f"{LIST}details/?id={key}")
    assert answer.status_code == 200
    return read(answer.text)
