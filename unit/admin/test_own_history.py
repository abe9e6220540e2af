"""The pages of the history for records of a plug-in, whatever the type of their keys."""

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.models import Change
from unit.admin import own_kinds
from unit.admin.ledger import LIST, Write, details, diffs, titles, whats
from unit.admin.own_kinds import (
    CODE,
    LARGE,
    PERSON,
    Animal,
    Base,
    Dog,
    Guest,
    Parcel,
    Voucher,
    deleting,
    giving,
    storing,
    unrecorded,
)
from unit.admin.reading import Element, flashes, read
from unit.admin.reverting import REVERT
from unit.conftest import ClientAs, Submit
from unit.consoles import console_over

pytestmark = pytest.mark.both_databases

RECORDS = {
    "voucher": ("my-vouchers", lambda: Voucher(code=CODE, label="Oak"), CODE),
    "voucher with zeros": ("my-vouchers", lambda: Voucher(code="007", label="Oak"), "007"),
    "parcel": ("my-parcels", lambda: Parcel(number=LARGE, label="Oak"), str(LARGE)),
    "negative parcel": ("my-parcels", lambda: Parcel(number=-1, label="Oak"), "-1"),
    "guest": ("my-guests", lambda: Guest(uuid=PERSON, label="Oak"), str(PERSON)),
    "animal": ("my-animals", lambda: Animal(id=7, label="Oak"), "7"),
    "dog": ("my-animals", lambda: Dog(id=7, label="Oak"), "7"),
}
each_record = pytest.mark.parametrize("what", RECORDS)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """A console with the kinds of the plug-in."""
    with console_over(settings, sys.modules[own_kinds.__name__], Base) as app:
        yield app


def only(what: str) -> tuple[type[Any], Any]:
    """The model and the key of a record, as its column has it."""
    made = RECORDS[what][1]()
    return type(made), next(
        getattr(made, name) for name in ("code", "number", "uuid", "id") if hasattr(made, name)
    )


def noun(what: str) -> str:
    """The noun of a record."""
    return RECORDS[what][0].removeprefix("my-").removesuffix("s")


def timeline(client: FlaskClient, what: str) -> Any:
    """The page of the history of a record."""
    endpoint, _, key = RECORDS[what]
    return client.get(f"/admin/{endpoint}/history/?id={quote(key, safe='')}")


def heads(page: Element) -> list[str]:
    """The heading of every change on a page."""
    return [head.text for head in page.all("ol", class_="timeline")[0].all("h2")]


@each_record
def test_list_and_change_set_name_a_record_of_any_key(what: str, viewer: FlaskClient, write: Write) -> None:
    endpoint, make, key = RECORDS[what]
    write(storing(make()))
    changed = write(giving(*only(what), label="Elm"))
    assert whats(viewer) == [f"Edited {noun(what)} “Elm”", f"Created {noun(what)} “Elm”"]
    page = details(viewer, changed)
    assert page.all("h1")[0].text == f"Edited {noun(what)} “Elm”"
    assert diffs(page) == [("Label", "Oak → Elm")]
    (link,) = page.all("h3")[0].all("a")
    assert link.attributes["href"] == f"/admin/{endpoint}/details/?id={quote(key, safe='')}"


@pytest.mark.parametrize("what", [what for what in RECORDS if what != "guest"])
def test_deleted_record_of_any_key_keeps_its_last_name(what: str, viewer: FlaskClient, write: Write) -> None:
    """Only owners see guests that are gone."""
    write(storing(RECORDS[what][1]()))
    write(giving(*only(what), label="Elm"))
    gone = write(lambda: db.session.delete(db.session.get_one(*only(what))))
    assert set(whats(viewer)) == {f"{verb} {noun(what)} “Elm”" for verb in ("Created", "Edited", "Deleted")}
    page = details(viewer, gone)
    assert page.all("h3")[0].text == f"Deleted {noun(what)} “Elm”"
    assert not page.all("h3")[0].all("a")
    page = read(timeline(viewer, what).text)
    assert page.all("h1")[0].text == f"History of {noun(what)} “Elm”"
    assert f"This {noun(what)} was deleted." in page.text
    assert heads(page) == ["Deleted", "Edited", "Created"]


@each_record
def test_timeline_of_a_record_of_any_key_is_paged(what: str, viewer: FlaskClient, write: Write) -> None:
    write(storing(RECORDS[what][1]()))
    for number in range(30):
        write(giving(*only(what), label=f"Label {number}"))
    page = read(timeline(viewer, what).text)
    assert diffs(page)[0] == ("Label", "Label 28 → Label 29")
    older = read(viewer.get(page.all("a", rel="next")[0].attributes["href"]).text)
    assert heads(older) == ["Edited"] * 5 + ["Created"]


@each_record
def test_record_that_existed_before_has_an_empty_history(what: str, viewer: FlaskClient, app: Flask) -> None:
    unrecorded(app, RECORDS[what][1]())
    page = read(timeline(viewer, what).text)
    assert page.all("h1")[0].text == f"History of {noun(what)} “Oak”"
    assert not page.all("ol", class_="timeline")
    assert "No history yet" in page.text
    query = f"record=own_{noun(what)}s:{quote(RECORDS[what][2], safe='')}"
    found = read(viewer.get(f"{LIST}?{query}").text)
    assert found.all("a", class_="chip")[0].text == f"Record: {noun(what)} “Oak”"
    assert not found.all("tbody")


@pytest.mark.parametrize(
    ("endpoint", "key"),
    [
        ("vouchers", ""),
        ("vouchers", "B"),
        ("vouchers", "A\0"),
        ("vouchers", "x" * 5000),
        ("parcels", "01"),
        ("parcels", str(2**63)),
        ("parcels", "x"),
        ("guests", "0a52bb11"),
        ("guests", str(PERSON).upper()),
        ("guests", "%"),
        ("animals", "-1"),
        ("animals", str(2**31)),
    ],
)
def test_history_of_no_record_is_404(endpoint: str, key: str, viewer: FlaskClient, write: Write) -> None:
    write(
        storing(
            Voucher(code="A", label="Oak"), Parcel(number=1, label="Oak"), Guest(uuid=PERSON, label="Oak")
        )
    )
    assert viewer.get(f"/admin/my-{endpoint}/history/", query_string={"id": key}).status_code == 404
    answer = viewer.get(LIST, query_string={"record": f"own_{endpoint}:{key}"})
    assert "This option no longer exists" in answer.text


@each_record
def test_list_is_filtered_by_a_record_of_any_key(what: str, viewer: FlaskClient, write: Write) -> None:
    write(storing(RECORDS[what][1](), Voucher(code="other", label="Other")))
    write(giving(*only(what), label="Elm"))
    write(giving(Voucher, "other", label="Ash"))
    query = f"record=own_{noun(what)}s:{quote(RECORDS[what][2], safe='')}"
    assert whats(viewer, query) == [f"Edited {noun(what)} “Elm”", "Created 2 " + named_both(what)]


def named_both(what: str) -> str:
    """A voucher and a record in one noun."""
    return "vouchers" if noun(what) == "voucher" else "records"


def test_keys_that_differ_in_zeros_alone_have_two_names(viewer: FlaskClient, write: Write) -> None:
    write(storing(Voucher(code="7", label="One")))
    write(storing(Voucher(code="07", label="Two")))
    write(deleting(Voucher, "7"))
    assert whats(viewer) == ["Deleted voucher “One”", "Created voucher “Two”", "Created voucher “One”"]


def test_record_without_a_name_is_called_by_its_key(viewer: FlaskClient, write: Write) -> None:
    key = write(storing(Voucher(code=CODE)))
    assert whats(viewer) == [f"Created voucher no. {CODE}"]
    assert details(viewer, key).all("h3")[0].text == f"Created voucher no. {CODE}"
    assert read(timeline(viewer, "voucher").text).all("h1")[0].text == f"History of voucher no. {CODE}"


def test_changes_of_hidden_records_of_any_key_are_hidden(client_as: ClientAs, write: Write) -> None:
    viewer, owner = client_as("viewer"), client_as("owner")
    hidden = write(storing(Guest(uuid=PERSON, label="Hidden")))
    write(storing(Guest(label="Ada")))
    mixed = write(lambda: (storing(Guest(label="Hidden"))(), storing(Animal(label="Rex"))()))
    assert whats(viewer) == ["Created animal “Rex”", "Created guest “Ada”"]
    assert whats(viewer, "of=own_guests") == ["Created guest “Ada”"]
    assert whats(owner)[0] == "Created 2 records"
    assert viewer.get(f"{LIST}details/?id={hidden}").status_code == 404
    assert len(details(viewer, mixed).all("h3")) == 1
    assert timeline(viewer, "guest").status_code == 404
    assert timeline(owner, "guest").status_code == 200
    assert "option no longer exists" in viewer.get(f"{LIST}?record=own_guests:{PERSON}").text
    write(giving(Guest, PERSON, label="Seen"))
    assert timeline(viewer, "guest").status_code == 200
    write(deleting(Guest, PERSON))
    assert timeline(viewer, "guest").status_code == 404
    assert whats(owner)[0] == "Deleted guest “Seen”"


def test_page_of_a_record_shows_its_newest_changes(viewer: FlaskClient, app: Flask, write: Write) -> None:
    unrecorded(app, Animal(id=7, label="Rex"))
    address = "/admin/my-animals/details/?id=7"
    assert "All history" not in viewer.get(address).text
    write(giving(Animal, 7, label="Max"))
    assert "All history" in viewer.get(address).text


@each_record
def test_change_of_a_record_of_any_key_is_reverted(
    what: str, client_as: ClientAs, write: Write, submit: Submit, app: Flask
) -> None:
    editor = client_as("owner")
    write(storing(RECORDS[what][1]()))
    key = write(giving(*only(what), label="Elm"))
    with app.app_context():
        change = db.session.scalar(select(func.max(Change.id)))
    page = read(editor.get(f"{REVERT}?set={key}&change={change}").text)
    assert page.all("h1")[0].text == f"Revert {noun(what)} “Elm”?"
    assert page.all("h2")[0].text == f"Revert {noun(what)} “Elm”"
    assert diffs(page) == [("Label", "Elm → Oak")]
    submit(editor, REVERT, set=key)
    assert flashes(editor.get(LIST).text)[0][1] == f"Reverted. 1 {noun(what)} restored."
    assert whats(editor)[0] == f"Reverted {noun(what)} “Oak”"


def test_titles_of_a_page_survive_records_of_the_same_key(viewer: FlaskClient, write: Write) -> None:
    write(storing(Voucher(code="1", label="Paper")))
    write(storing(Parcel(number=1, label="Box")))
    write(storing(Animal(id=1, label="Rex")))
    assert titles(viewer.get(LIST).text) == [
        "Created animal “Rex”",
        "Created parcel “Box”",
        "Created voucher “Paper”",
    ]
