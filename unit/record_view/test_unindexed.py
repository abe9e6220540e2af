"""The line on a large list without a search index, and the number of statements of one with an index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from dashboard.admin.record_view.lists import unindexed
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.records import RecordView
from dashboard.testing.answers import is_redirect
from dashboard.testing.statements import counted
from unit.admin.reading import row_titles
from unit.conftest import SetClock
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Supplier
from unit.record_view.stored import confirm

pytestmark = pytest.mark.both_databases
LIST = "/admin/own_suppliers/"
NOON = datetime.now(UTC).replace(second=0)
COMMAND = "<code>dashboard db index own_suppliers</code>"


class SupplierView(RecordView):
    """Suppliers that are searched by two columns."""

    column_searchable_list = ("name", "city")
    column_filters = ("active",)


@pytest.fixture
def many(console: With, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A console with more suppliers than are searched quickly."""
    monkeypatch.setattr(unindexed, "MANY_ROWS", 50)
    app = console(lambda: SupplierView(Supplier))
    with app.app_context():
        rows = [{"name": f"Oak {number:05}", "city": "Bonn"} for number in range(60)]
        db.session.execute(insert(Supplier), rows, execution_options=PAST_LEDGER)
        db.session.commit()
    return app


@pytest.mark.parametrize(
    ("role", "query", "is_told"),
    [
        ("viewer", "", False),
        ("viewer", "?q=oak", True),
        ("viewer", "?q=00033", True),
        ("viewer", "?active=no", False),
        ("owner", "", True),
        ("owner", "?active=no", True),
    ],
)
def test_large_list_without_an_index_names_the_command(
    many: Flask, role: str, query: str, is_told: bool
) -> None:
    assert (COMMAND in logged_in(many, role).get(LIST + query).text) is is_told


def test_small_list_names_no_command(many: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unindexed, "MANY_ROWS", 60)
    assert "db index" not in logged_in(many, "owner").get(f"{LIST}?q=oak").text


@pytest.fixture
def indexed(many: Flask) -> Flask:
    """The same console once the index is made."""
    with many.app_context():
        made: Any = view_of(many).listing.search.made
        is_sqlite = db.engine.dialect.name == "sqlite"
        for statement in made.sqlite if is_sqlite else made.postgresql:
            db.session.connection().exec_driver_sql(statement)
        db.session.commit()
    yield many
    with many.app_context():
        for statement in made.sqlite_drop if is_sqlite else made.postgresql_drop:
            db.session.connection().exec_driver_sql(statement)
        db.session.commit()


def view_of(app: Flask) -> Any:
    """The screen of suppliers."""
    return next(view for view in app.extensions["admin"][0]._views if view.endpoint == "own_suppliers")


@pytest.mark.parametrize("query", ["", "?q=00033", "?q=oak", "?q=oak+bonn&active=yes", "?q=zzz", "?q=ak"])
def test_list_with_an_index_takes_six_statements(indexed: Flask, query: str) -> None:
    client = logged_in(indexed, "owner")
    first = client.get(LIST + query).text
    assert "db index" not in first
    with counted() as taken:
        assert row_titles(client.get(LIST + query).text) == row_titles(first)
    assert len(taken) <= 6, taken


def test_record_that_was_deleted_and_restored_is_found_again(indexed: Flask) -> None:
    client = logged_in(indexed, "owner")

    def found() -> bool:
        return row_titles(client.get(f"{LIST}?q=00033").text) == ["Oak 00033"]

    assert found()
    assert is_redirect(confirm(client, f"{LIST}delete/?id=34"))
    assert not found()
    assert is_redirect(confirm(client, "/admin/trash/restore/?id=1"))
    assert found()
    confirm(client, f"{LIST}delete/?id=34")
    undone(client, LIST)
    assert found()


def test_large_table_is_not_counted_by_its_filters_with_every_page(many: Flask, set_clock: SetClock) -> None:
    listing = view_of(many).listing
    view_of(many).listing = replace(listing, tuning=replace(listing.tuning, exact_count_limit=50))
    client, taken = logged_in(many, "viewer"), list[int]()
    for minutes in (0, 0, 2):
        set_clock(NOON + timedelta(minutes=minutes))
        with counted() as statements:
            assert "about 60" in client.get(LIST).text
        taken.append(sum("is_met" in each for each in statements))
    assert taken == [1, 0, 1]
