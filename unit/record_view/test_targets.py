"""Records that fields refer to, read for several kinds at once: keys of any type, names that are keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.accounts.models import User
from dashboard.admin.record_view.relations.targets import Target, learn, list_first
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from unit.conftest import CountQueries
from unit.record_view.conftest import With
from unit.record_view.kinds import Base, Country, Supplier, Terms, Ticket

pytestmark = pytest.mark.both_databases
SOME = UUID(int=7)


class Blob(Base):
    """A record whose key is bytes."""

    __tablename__ = "own_blobs"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


class Payment(Base):
    """A record whose key is a choice, and that has no name but its key."""

    __tablename__ = "own_payments"

    terms: Mapped[Terms] = mapped_column(primary_key=True)


class Term(Base):
    """A record that is nothing but its key, a text."""

    __tablename__ = "own_terms"

    word: Mapped[str] = mapped_column(String(20), primary_key=True)


KEYS: dict[type[Any], tuple[str, Any]] = {
    Country: ("de", "de"),
    Supplier: ("1", 1),
    Ticket: (str(SOME), SOME),
    Blob: ("ff00", b"\xff\x00"),
    Payment: ("net_60", Terms.net_60),
    Term: ("oak", "oak"),
}
"""The key of one record of each kind: its text and its value."""


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one record of each kind, and a country that is called like the key of another."""
    views = [(lambda model=model: RecordView(model)) for model in KEYS]
    app = console(*views)
    with app.app_context():
        db.session.add_all([Country(code="de", name="zone"), Country(code="xx", name="de")])
        db.session.add_all([Supplier(name="Oak"), Ticket(number=SOME, weight=3)])
        db.session.add_all([Blob(digest=b"\xff\x00", name="Blob"), Payment(terms=Terms.net_60)])
        db.session.add(Term(word="oak"))
        an_account("owner")
        db.session.commit()
    return app


@pytest.fixture
def targets(app: Flask) -> Any:
    """The targets of these kinds, within a request of an owner."""
    with app.test_request_context():
        g._login_user = db.session.scalars(select(User)).one()
        yield {model: Target(model) for model in KEYS}


def test_records_of_all_kinds_are_read_by_their_keys_at_once(
    targets: dict[type[Any], Target], count_queries: CountQueries
) -> None:
    with count_queries() as statements:
        learn({target: [KEYS[model][0], "none of these"] for model, target in targets.items()})
    assert len(statements) <= 3
    with count_queries() as statements:
        found = {model: targets[model].with_key(text)[0] for model, (text, _) in KEYS.items()}
    assert (found, len(statements)) == ({model: key for model, (_, key) in KEYS.items()}, 0)
    assert all(target.with_key("none of these") is None for target in targets.values())


def test_first_records_of_all_kinds_are_listed_at_once(
    targets: dict[type[Any], Target], count_queries: CountQueries
) -> None:
    with count_queries() as statements:
        list_first(targets.values(), 50)
    assert len(statements) == 1
    assert [key for key, _ in targets[Country].first(50)] == ["xx", "de"]  # by their names
    assert {model: targets[model].first(50)[-1][0] for model in KEYS} == {
        model: key for model, (_, key) in KEYS.items()
    }


def test_name_that_is_the_key_of_another_record_is_not_enough(targets: dict[type[Any], Target]) -> None:
    learn({target: [KEYS[model][0]] for model, target in targets.items()})
    assert targets[Country].text_of("xx", "de") == "xx"
    assert targets[Country].text_of("de", "zone") == "zone"
