"""The numbers beside the options of filters: the rows that a list would have with each."""

from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.listing.tuning import USUAL
from unit.admin.reading import read, row_titles
from unit.conftest import CountQueries
from unit.record_view.conftest import As, Guarded, With, logged_in
from unit.record_view.kinds import Country, Post, Supplier, Tag
from unit.record_view.path_kinds import CONTRACTS, Contract, Mark
from unit.record_view.path_kinds import filled as with_contracts
from unit.record_view.posts import POSTS, filled
from unit.record_view.stored import SUPPLIERS

pytestmark = pytest.mark.both_databases


class Suppliers(RecordView):
    """Suppliers with filters of each sort."""

    column_filters = ("active", "grade", "country", "city", "rating")


@pytest.fixture
def viewer(console: With) -> FlaskClient:
    """A browser of a viewer, with four suppliers."""
    app = console(lambda: Suppliers(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Country(code="de", name="Germany"), Country(code="fr", name="France")])
        db.session.flush()
        db.session.add_all(
            [
                Supplier(name="Oak", country_code="de", grade="FIRST"),
                Supplier(name="Elm", country_code="de", active=False),
                Supplier(name="Ash", country_code="fr"),
                Supplier(name="Box"),
            ]
        )
        db.session.commit()
    return logged_in(app, "viewer")


def numbers(client: FlaskClient, query: str = "", *, at: str = SUPPLIERS) -> dict[str, str]:
    """The numbers of a list's filters, by the text of their option."""
    options = read(client.get(f"{at}/{query}").text).all("div", class_="option")
    pairs = [(each.all("label")[0].text, each.all("span", class_="muted")) for each in options]
    return {label: number[0].text for label, number in pairs if number}


def test_each_option_has_the_rows_of_the_whole_list(viewer: FlaskClient) -> None:
    found = numbers(viewer)
    assert (found["Germany"], found["France"], found["First choice"]) == ("2", "1", "1")


def test_option_counts_what_the_other_filters_leave(viewer: FlaskClient) -> None:
    found = numbers(viewer, "?country_code=de")
    assert (found["Germany"], found["France"]) == ("2", "1")
    assert found["First choice"] == "1"
    assert numbers(viewer, "?country_code=fr")["First choice"] == "0"


def test_search_and_range_narrow_the_numbers(viewer: FlaskClient) -> None:
    assert numbers(viewer, "?q=oak")["Germany"] == "1"


def test_record_that_a_user_may_not_see_is_not_counted(console: With) -> None:
    app = console(lambda: Guarded(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add_all(
            [Supplier(name=name, country_code="de", active=name != "Elm") for name in ("Oak", "Elm")]
        )
        db.session.commit()
    assert numbers(logged_in(app, "viewer"))["Germany"] == "1"


def test_larger_table_has_no_numbers(suppliers: Flask, as_role: As) -> None:
    with suppliers.app_context():
        rows = [{"name": f"Supplier {number}"} for number in range(USUAL.exact_count_limit)]
        db.session.connection().execute(Supplier.__table__.insert(), rows)
        db.session.commit()
    assert numbers(as_role("viewer")) == {}


class TaggedPosts(RecordView):
    """Posts with a filter by their tags, and one by a column."""

    column_filters = ("note", "tags")


@pytest.fixture
def posts(console: With) -> FlaskClient:
    """A browser of a viewer, with three posts, two of which are Blue, and one of these Red as well."""
    app = filled(console, lambda: TaggedPosts(Post), lambda: RecordView(Tag))
    with app.app_context():
        db.session.add(Post(title="Third", note="odd", tags=[db.session.get_one(Tag, 1)]))
        db.session.commit()
    return logged_in(app, "viewer")


TAGS_OF_ALL = {"Blue": "2", "Green": "0", "Red": "1", "Yellow": "0", "Is empty": "1"}


def test_each_record_of_a_collection_has_the_rows_that_have_it(posts: FlaskClient) -> None:
    assert numbers(posts, at=POSTS) == TAGS_OF_ALL
    assert numbers(posts, "?tags=3", at=POSTS) == TAGS_OF_ALL  # by the other filters alone
    found = numbers(posts, "?note=odd", at=POSTS)
    assert (found["Blue"], found["Red"], found["Is empty"]) == ("1", "0", "0")
    assert numbers(posts, "?q=first", at=POSTS)["Blue"] == "1"


def test_numbers_of_collections_take_one_statement(posts: FlaskClient, count_queries: CountQueries) -> None:
    posts.get(f"{POSTS}/")
    with count_queries() as statements:
        posts.get(f"{POSTS}/")
    assert len(statements) <= 7, "\n".join(statements)


def test_larger_table_has_no_numbers_of_collections(console: With) -> None:
    app = filled(console, lambda: TaggedPosts(Post), lambda: RecordView(Tag))
    with app.app_context():
        rows = [{"title": f"Post {number}", "version": 1} for number in range(USUAL.exact_count_limit)]
        db.session.connection().execute(Post.__table__.insert(), rows)
        db.session.commit()
    assert numbers(logged_in(app, "viewer"), at=POSTS) == {}


class CheckedContracts(RecordView):
    """Contracts with a filter by what their marks have."""

    column_filters = ("marks.checked",)


class CheckedMarks(RecordView):
    """Marks that not everyone may see."""

    def get_query(self) -> Any:
        return super().get_query().filter(Mark.name != "Red")


@pytest.mark.parametrize(
    ("marks", "counted"),
    [
        (RecordView, {"Yes": "2", "No": "2", "Is empty": "1"}),
        (CheckedMarks, {"Yes": "0", "No": "2", "Is empty": "2"}),
    ],
)
def test_value_across_a_collection_has_the_rows_that_lead_to_it(
    console: With, marks: type[RecordView], counted: dict[str, str]
) -> None:
    app = with_contracts(console(lambda: CheckedContracts(Contract), lambda: marks(Mark)))
    viewer = logged_in(app, "viewer")
    assert numbers(viewer, at=CONTRACTS) == counted
    query = urlencode({"marks.checked": "no"})
    assert numbers(viewer, f"?{query}", at=CONTRACTS) == counted  # by the other filters alone
    for option, text in (("yes", "Yes"), ("no", "No"), ("none", "Is empty")):
        page = viewer.get(f"{CONTRACTS}/?{urlencode({'marks.checked': option})}").text
        assert len(row_titles(page)) == int(counted[text])
