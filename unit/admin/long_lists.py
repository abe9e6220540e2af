"""Lists whose addresses are kilobytes long, and the ways that lead from them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode, urlsplit

from dashboard.catalogue.models import Category
from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from dashboard.web.addresses import read_pairs

LIST = "/admin/products/"
CATEGORIES = 1000
PRODUCTS = 60
LONGEST_SEARCH = "".join(chr(0x1F600 + number % 80) for number in range(200))


def chosen(number: int) -> list[tuple[str, str]]:
    """The parameters that choose so many categories."""
    return [("category", str(key)) for key in range(1, number + 1)]


STATES = {
    "260 categories": chosen(260),
    "600 categories": chosen(600),
    "a long search and more": [
        ("q", LONGEST_SEARCH),
        *chosen(300),
        ("sort", "-price"),
        ("size", "10"),
        ("column", "price"),
        ("page", "3"),
    ],
}


def address(asked: list[tuple[str, str]], path: str = LIST) -> str:
    """The address that a browser asks for when the form of a list is sent."""
    return f"{path}?{urlencode(asked)}"


def stock_up() -> None:
    """A thousand categories with products in the first ten, all of which the longest search finds."""
    db.session.add_all(Category(name=f"Category {number:04}") for number in range(1, CATEGORIES + 1))
    db.session.flush()
    for number in range(PRODUCTS):
        a_product(LONGEST_SEARCH, category_id=number % 10 + 1)
    db.session.commit()


def narrowed(url: str) -> list[tuple[str, str]]:
    """Return the search and the filters in the address of a list."""
    return [pair for pair in read_pairs(urlsplit(url).query) if pair[0] in ("q", "category") and pair[1]]


def hrefs(html: str) -> list[str]:
    """Return the targets of the links in some HTML, without parsing it: pages can have megabytes."""
    return [unescape(href) for href in re.findall(r'<a [^>]*href="([^"]*)"', html)]


def part(html: str, begin: str, end: str) -> str:
    """Return the text between two pieces of a page."""
    return html.partition(begin)[2].partition(end)[0]


def ways(html: str) -> list[str]:
    """Where the links of the main part of a page lead, within the screen of products."""
    return [href for href in hrefs(html.partition("<main")[2]) if href.startswith(LIST)]


def ways_back(html: str) -> list[str]:
    """Where they lead to the list itself."""
    return [href for href in ways(html) if urlsplit(href).path == LIST]
