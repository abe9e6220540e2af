"""The home: its figures, charts and lists, and the addresses that they link to."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboard.admin.screens import home, home_charts
from dashboard.catalogue.models import ProductStatus
from dashboard.extensions import db
from unit.admin.conftest import Make
from unit.admin.reading import Element, read, row_titles
from unit.conftest import ClientAs, CountQueries, SetClock

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    set_clock(NOW)


def section(client: FlaskClient, css_class: str) -> Element:
    return read(client.get("/admin/").text).all("ul", class_=css_class)[0]


def figures(client: FlaskClient) -> dict[str, tuple[str, str]]:
    """The figures by their labels, each with its change and the period of it."""
    cards = section(client, "figures").all("li")
    return {
        card.all("span")[0].text: (card.all("strong")[0].text, card.all("span")[1].text) for card in cards
    }


def test_empty_console_shows_zeros(client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    assert figures(viewer) == {
        "Products": ("0", "+0 last 30 days"),
        "Active": ("0", "0% of all"),
        "Drafts": ("0", "0% of all"),
        "Categories": ("0", ""),
    }
    page = read(viewer.get("/admin/").text).text
    assert "Nothing needs your attention." in page
    assert "Nothing has been changed yet." in page


def test_figures_count_their_products(client_as: ClientAs, make: Make) -> None:
    shelf = make("categories")
    for age, status in ((1, "active"), (29, "draft"), (31, "active"), (400, "archived")):
        make(
            "products", status=ProductStatus(status), created_at=NOW - timedelta(days=age), category_id=shelf
        )
    assert figures(client_as("viewer")) == {
        "Products": ("4", "+2 last 30 days"),
        "Active": ("2", "50% of all"),
        "Drafts": ("1", "25% of all"),
        "Categories": ("1", ""),
    }


@pytest.mark.parametrize(
    ("role", "last"), [("viewer", "Categories"), ("editor", "Categories"), ("admin", "Users")]
)
def test_users_are_counted_only_for_roles_that_see_them(role: str, last: str, client_as: ClientAs) -> None:
    assert list(figures(client_as(role)))[-1] == last


def test_users_are_counted_with_new_ones(client_as: ClientAs, make: Make) -> None:
    make("users", created_at=NOW - timedelta(days=31))
    make("users", created_at=NOW - timedelta(days=29))
    assert figures(client_as("owner"))["Users"] == ("3", "+2 last 30 days")


def test_attention_lines_link_to_lists_that_show_their_products(client_as: ClientAs, make: Make) -> None:
    shelf = make("categories")
    make("products", "Out", stock=0, category_id=shelf)
    make("products", "Out and archived", stock=0, category_id=shelf, status=ProductStatus.ARCHIVED)
    make("products", "Low", stock=5, category_id=shelf)
    make("products", "Enough", stock=6, category_id=shelf)
    make("products", "Loose")
    viewer = client_as("viewer")
    items = {link.text: link.attributes["href"] for link in section(viewer, "attention").all("a")}
    assert {text: row_titles(viewer.get(url).text) for text, url in items.items()} == {
        "1 active product out of stock": ["Out"],
        "1 active product low on stock": ["Low"],
        "1 product without a category": ["Loose"],
    }


def test_each_figure_links_to_its_list(client_as: ClientAs, make: Make) -> None:
    make("products", "Active")
    make("products", "Draft", status=ProductStatus.DRAFT)
    owner = client_as("owner")
    links = [a.attributes["href"] for a in section(owner, "figures").all("a")]
    assert [len(row_titles(owner.get(url).text)) for url in links] == [2, 1, 1, 1]


def chart(client: FlaskClient, title: str) -> list[tuple[str, str, str | None]]:
    """The rows of a chart's table: label, value, the address it leads to."""
    page = read(client.get("/admin/").text)
    [figure] = [f for f in page.all("figure") + page.all("section") if f.all("table") and title in f.text]
    rows = []
    for row in figure.all("tbody")[0].all("tr"):
        cells = [c for c in row.all() if c.tag in ("th", "td")]
        links = row.all("a")
        rows.append((cells[0].text, cells[1].text, links[0].attributes["href"] if links else None))
    return rows


def test_category_chart_shows_largest_first(client_as: ClientAs, make: Make) -> None:
    small, large, _empty = (
        make("categories", "Small"),
        make("categories", "Large"),
        make("categories", "Empty"),
    )
    make("products", "A", category_id=small)
    for _ in range(2):
        make("products", category_id=large)
    viewer = client_as("viewer")
    points = chart(viewer, "Products by category")
    assert [(label, value) for label, value, _ in points] == [("Large", "2"), ("Small", "1")]
    assert row_titles(viewer.get(str(points[1][2])).text) == ["A"]


def test_week_chart_counts_products_by_week_added(client_as: ClientAs, make: Make) -> None:
    monday = datetime(2026, 3, 30, tzinfo=UTC)
    for name, moment in (
        ("This week", monday),
        ("Last week, at its end", monday - timedelta(microseconds=1)),
        ("Last week, at its start", monday - timedelta(weeks=1)),
        ("Seven weeks ago", monday - timedelta(weeks=7)),
        ("Too long ago", monday - timedelta(weeks=7, microseconds=1)),
    ):
        make("products", name, created_at=moment)
    viewer = client_as("viewer")
    points = chart(viewer, "Products added by week")
    assert [value for _, value, _ in points] == ["1", "0", "0", "0", "0", "0", "2", "1"]
    assert [label for label, _, _ in points][-2:] == ["23 Mar", "30 Mar"]
    titles = row_titles(viewer.get(str(points[-2][2])).text)
    assert sorted(titles) == ["Last week, at its end", "Last week, at its start"]


def test_new_users_are_shown_by_name_latest_first(client_as: ClientAs, make: Make) -> None:
    for n in range(7):
        late, early = NOW - timedelta(days=9 - n), NOW - timedelta(days=20 + n)
        named = {"name": f"Person {n}"} if n % 2 else {}
        make("users", email=f"p{n}@example.test", created_at=late, updated_at=early, **named)
    page = read(client_as("owner").get("/admin/").text)
    [users] = [section for section in page.all("section") if "New users" in section.text]
    people = [a.text for a in users.all("a")]
    assert people == ["owner@example.test", "p6@example.test", "Person 5", "p4@example.test", "Person 3"]


def test_new_users_are_hidden_from_roles_that_do_not_see_users(client_as: ClientAs, make: Make) -> None:
    make("users", email="somebody@example.test")
    page = client_as("editor").get("/admin/").text
    assert "somebody@example.test" not in page
    assert "New users" not in page


def test_attention_counts_stop_at_the_limit(
    client_as: ClientAs, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "WORTH_COUNTING", 2)
    for number in range(5):
        make("products", stock=number // 3)
    texts = [link.text for link in section(client_as("viewer"), "attention").all("a")]
    assert texts[:2] == ["Over 2 active products out of stock", "2 active products low on stock"]


@pytest.mark.sqlite
def test_low_stock_is_counted_by_an_index_alone(
    app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    viewer = client_as("viewer")
    with count_queries() as statements:
        viewer.get("/admin/")
    counts = next(statement for statement in statements if "products.stock" in statement)
    with app.app_context():
        plan = db.session.execute(text("EXPLAIN QUERY PLAN " + counts.replace("?", "1"))).all()
    assert any("COVERING INDEX ix_products_stock_id_status" in step.detail for step in plan), plan


def test_categories_without_a_bar_are_counted_in_a_link(client_as: ClientAs, make: Make) -> None:
    viewer = client_as("viewer")
    for number in range(home_charts.BARS + 2):
        make("products", category_id=make("categories", f"Category {number}"))
    [link] = [each for each in read(viewer.get("/admin/").text).all("a") if "more" in each.text]
    assert (link.text, link.attributes["href"]) == ("+2 more", "/admin/categories/")
    make("categories", "Empty")  # has no product, and so no bar
    assert "+2 more" in viewer.get("/admin/").text


def test_all_categories_with_a_bar_need_no_link(client_as: ClientAs, make: Make) -> None:
    make("products", category_id=make("categories", "Only"))
    assert "more</a>" not in client_as("viewer").get("/admin/").text


def test_way_to_the_unfinished_week_is_dashed(client_as: ClientAs, make: Make) -> None:
    make("products")
    page = read(client_as("viewer").get("/admin/").text)
    lines = page.all("polyline")
    assert [len(line.attributes["points"].split()) for line in lines] == [home_charts.WEEKS - 1, 2]
    assert ["stroke-dasharray" in line.attributes for line in lines] == [False, True]
    assert lines[0].attributes["points"].split()[-1] == lines[1].attributes["points"].split()[0]
    assert "The last one is not over yet." in page.text
