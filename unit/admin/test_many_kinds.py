"""Seventy kinds of records: SQLite joins no more than 64 tables, and no page may ask once for each kind."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_login import current_user
from sqlalchemy import BigInteger, ColumnElement, Integer, String, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.registry import Record, recorded
from dashboard.search.text_search import TextSearch
from unit.admin.ledger import LIST, Write, details, titles
from unit.admin.own_kinds import OwnView, add, listing
from unit.admin.reading import read
from unit.conftest import ClientAs, CountQueries
from unit.consoles import console_over

pytestmark = pytest.mark.both_databases

KINDS = 70
TYPES = (Integer, String(50), Uuid, BigInteger)
KEYS = (1, "A/B", UUID("0a52bb11-4f2e-4a8f-8b54-6a6a5c0f5c1d"), 2**40)
MOST = 6


class Base(DeclarativeBase):
    """Tables that existed before the console."""


def a_model(number: int) -> Any:
    """A kind of record; the types of keys take turns."""
    columns = {
        "__tablename__": f"many_{number}",
        "key": mapped_column(TYPES[number % len(TYPES)], primary_key=True, autoincrement=False),
        "label": mapped_column(String(80)),
    }
    return recorded(label="Label")(type(f"Many{number}", (Base,), columns))


MODELS = [a_model(number) for number in range(KINDS)]


class ManyView(OwnView):
    """A kind of which everyone sees everything."""


class PartlyView(OwnView):
    """A kind of which only owners see those called Hidden."""

    @cached_property
    def record(self) -> Record:
        """The record, with who sees it."""

        def scope() -> list[ColumnElement[bool]]:
            return [] if sees_all() else [self.model.label != "Hidden"]

        def sees_all() -> bool:
            return bool(current_user.role is Role.OWNER)

        return replace(super().record, scope=scope, sees_all=sees_all)


def register(console: Any) -> None:
    """Add a screen for each; of every seventh kind not everyone sees everything."""
    for number, model in enumerate(MODELS):
        base = ManyView if number % 7 else PartlyView
        its = replace(listing(model, model.key), search=TextSearch((model.label,)))
        parts = {"singular": f"kind {number}", "listing": its}
        view = type(f"View{number}", (base,), parts)
        add(console, view(model, console.db, name=f"Kinds {number}", endpoint=f"many-{number}"))


PLUGIN = ModuleType("many_kinds")
PLUGIN.register = register  # type: ignore[attr-defined]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """A console with seventy more kinds."""
    with console_over(settings, PLUGIN, Base) as app:
        yield app


def a_record(number: int, label: str = "Oak") -> Any:
    """A record of one of the kinds."""
    return MODELS[number](key=KEYS[number % len(KEYS)], label=f"{label} {number}")


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_history_takes_as_many_queries_for_70_kinds_as_for_one(
    role: str, client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client, taken = client_as(role), []
    alone = write(lambda: db.session.add(a_record(0)))
    with count_queries() as statements:
        client.get(f"{LIST}?size=100")
    taken.append(len(statements))
    for number in range(1, KINDS):
        write(lambda number=number: db.session.add(a_record(number)))
    with count_queries() as statements:
        page = client.get(f"{LIST}?size=100")
    taken.append(len(statements))
    created = [f"Created kind {number} “Oak {number}”" for number in reversed(range(KINDS))]
    assert [title for title in titles(page.text) if "account" not in title] == created
    assert taken[0] == taken[1] <= MOST, statements
    assert details(client, alone).all("h1")[0].text == created[-1]


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_change_set_of_70_kinds_takes_few_queries(
    role: str, client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client = client_as(role)
    key = write(lambda: db.session.add_all(map(a_record, range(KINDS))))
    assert titles(client.get(LIST).text)[0] == f"Created {KINDS} records"
    with count_queries() as statements:
        page = details(client, key)
    assert len(page.all("h3")) == 25
    assert all("Oak" in head.text and head.all("a") for head in page.all("h3"))
    assert len(statements) <= MOST, statements


def test_palette_takes_as_many_queries_for_70_kinds_as_for_8(
    client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client, costs, found = client_as("viewer"), dict[int, int](), dict[int, list[str]]()
    for number in range(KINDS):
        write(lambda number=number: db.session.add(a_record(number)))
        if number in (0, 7, KINDS - 1):
            with count_queries() as statements:
                answer: Any = client.get("/admin/palette/?q=oak").json
            costs[number] = len(statements)
            found[number] = [item["label"] for item in answer["groups"][0]["items"]]
    assert found == {number: [f"Oak {each}" for each in range(min(number + 1, 8))] for number in costs}
    assert costs[0] < costs[7] == costs[KINDS - 1] <= costs[0] + 14, costs


@pytest.mark.parametrize("number", range(len(KEYS)))
def test_timeline_among_70_kinds_takes_few_queries(
    number: int, client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client = client_as("viewer")
    write(lambda: db.session.add(a_record(number)))
    query = {"id": str(KEYS[number])}
    with count_queries() as statements:
        page = client.get(f"/admin/many-{number}/history/", query_string=query)
    assert read(page.text).all("h1")[0].text == f"History of kind {number} “Oak {number}”"
    assert len(statements) <= MOST, statements


def test_set_with_one_visible_kind_is_named_by_it(client_as: ClientAs, write: Write) -> None:
    viewer, owner = client_as("viewer"), client_as("owner")
    hidden = MODELS[0](key=1, label="Hidden")
    others = [MODELS[1](key=key, label="Oak") for key in "ab"]
    write(lambda: db.session.add_all([hidden, *others]))
    assert titles(viewer.get(LIST).text) == ["Created 2 kind 1s"]
    assert titles(owner.get(LIST).text)[0] == "Created 3 records"


def test_history_of_70_kinds_is_filtered_by_type(client_as: ClientAs, write: Write) -> None:
    write(lambda: db.session.add_all(map(a_record, range(KINDS))))
    viewer = client_as("viewer")
    every = "&".join(f"of=many_{number}" for number in range(KINDS))
    assert titles(viewer.get(f"{LIST}?{every}").text) == [f"Created {KINDS} records"]
    assert titles(viewer.get(f"{LIST}?of=many_7").text) == [f"Created {KINDS} records"]


def test_home_opens_among_70_kinds(client_as: ClientAs) -> None:
    assert client_as("viewer").get("/admin/").status_code == 200


def recent(page: str) -> list[str]:
    """The records on the home that were changed last, by the links in its sentences."""
    links = [link for each in read(page).all("ol", class_="activity") for link in each.all("a")]
    return [link.text for link in links if "/many-" in link.attributes["href"]]


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_home_takes_as_many_queries_for_70_kinds_as_for_one(
    role: str, client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client, taken = client_as(role), []
    write(lambda: db.session.add(a_record(0)))
    with count_queries() as statements:
        assert recent(client.get("/admin/").text) == ["kind 0 “Oak 0”"]
    taken.append(len(statements))
    for number in range(1, KINDS):
        write(lambda number=number: db.session.add(a_record(number)))
    with count_queries() as statements:
        found = recent(client.get("/admin/").text)
    assert found == [f"kind {number} “Oak {number}”" for number in range(69, 61, -1)]
    assert taken[0] == len(statements), statements


def test_home_tells_of_records_that_may_be_seen_and_leads_to_their_pages(
    client_as: ClientAs, write: Write
) -> None:
    viewer, owner = client_as("viewer"), client_as("owner")
    gone, shown = a_record(1, "Gone"), a_record(2)
    write(lambda: db.session.add(MODELS[0](key=1, label="Hidden")))
    write(lambda: db.session.add(shown))
    write(lambda: db.session.add(gone))
    write(lambda: db.session.delete(db.session.get_one(MODELS[1], KEYS[1])))
    assert recent(owner.get("/admin/").text) == ["kind 2 “Oak 2”", "kind 0 “Hidden”"]
    page = viewer.get("/admin/").text
    assert recent(page) == ["kind 2 “Oak 2”"]
    assert "Hidden" not in page
    [link] = [link for link in read(page).all("a") if link.text == "kind 2 “Oak 2”"]
    assert "Oak 2" in viewer.get(link.attributes["href"]).text
