"""The pages of the history for records of a plug-in, whatever the type of their keys."""

import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.models import Action, Change
from dashboard.history.recording import Entry, record
from unit.admin import own_kinds
from unit.admin.ledger import LIST, Write, details, diffs, titles, whats
from unit.admin.own_kinds import Animal, Base, Dog, Guest, Parcel, Voucher
from unit.admin.reading import Element, flashes, read
from unit.admin.reverting import REVERT
from unit.conftest import ClientAs, Submit
from unit.consoles import prepared

pytestmark = pytest.mark.both_databases

CODE = "A/B & 007 ü%=<"
LARGE = 2**40
PERSON = UUID("0a52bb11-4f2e-4a8f-8b54-6a6a5c0f5c1d")
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
    """A console with the kinds of the plug-in over tables that exist already."""
    app = prepared(create_app(settings, plugins=[sys.modules[own_kinds.__name__]]))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        Base.metadata.drop_all(db.engine)
        db.engine.dispose()


def add(*records: Any) -> Callable[[], None]:
    """Add records to the session."""
    return lambda: db.session.add_all(records)


def rename(model: type[Any], key: Any, **values: Any) -> Callable[[], None]:
    """Give a record new values."""

    def change() -> None:
        for name, value in values.items():
            setattr(db.session.get_one(model, key), name, value)

    return change


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
    write(add(make()))
    changed = write(rename(*only(what), label="Elm"))
    assert whats(viewer) == [f"Edited {noun(what)} “Elm”", f"Created {noun(what)} “Elm”"]
    page = details(viewer, changed)
    assert page.all("h1")[0].text == f"Edited {noun(what)} “Elm”"
    assert diffs(page) == [("Label", "Oak → Elm")]
    (link,) = page.all("h3")[0].all("a")
    assert link.attributes["href"] == f"/admin/{endpoint}/details/?id={quote(key, safe='')}"


@each_record
def test_deleted_record_of_any_key_keeps_its_last_name(what: str, viewer: FlaskClient, write: Write) -> None:
    if noun(what) == "guest":
        pytest.skip("only owners see deleted guests")
    write(add(RECORDS[what][1]()))
    write(rename(*only(what), label="Elm"))
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
    write(add(RECORDS[what][1]()))
    for number in range(30):
        write(rename(*only(what), label=f"Label {number}"))
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


def unrecorded(app: Flask, made: Any) -> None:
    """Store a record as another program does."""
    table = type(made).__mapper__.tables
    values = {name: value for name, value in vars(made).items() if not name.startswith("_")}
    defaults = {"label": "Oak", "unit": "EUR", "type": type(made).__name__.lower(), "active": True, "size": 0}
    with app.app_context():
        for each in table:
            stored = {name: value for name, value in {**defaults, **values}.items() if name in each.c}
            db.session.connection().execute(each.insert().values(stored))
        db.session.commit()


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
    write(add(Voucher(code="A", label="Oak"), Parcel(number=1, label="Oak"), Guest(uuid=PERSON, label="Oak")))
    assert viewer.get(f"/admin/my-{endpoint}/history/", query_string={"id": key}).status_code == 404
    answer = viewer.get(LIST, query_string={"record": f"own_{endpoint}:{key}"})
    assert "This option no longer exists" in answer.text


@each_record
def test_list_is_filtered_by_a_record_of_any_key(what: str, viewer: FlaskClient, write: Write) -> None:
    write(add(RECORDS[what][1](), Voucher(code="other", label="Other")))
    write(rename(*only(what), label="Elm"))
    write(rename(Voucher, "other", label="Ash"))
    query = f"record=own_{noun(what)}s:{quote(RECORDS[what][2], safe='')}"
    assert whats(viewer, query) == [f"Edited {noun(what)} “Elm”", "Created 2 " + named_both(what)]


def named_both(what: str) -> str:
    """A voucher and a record in one noun."""
    return "vouchers" if noun(what) == "voucher" else "records"


def test_keys_that_differ_in_zeros_alone_have_two_names(viewer: FlaskClient, write: Write) -> None:
    write(add(Voucher(code="7", label="One")))
    write(add(Voucher(code="07", label="Two")))
    write(lambda: db.session.delete(db.session.get_one(Voucher, "7")))
    assert whats(viewer) == ["Deleted voucher “One”", "Created voucher “Two”", "Created voucher “One”"]


def test_record_without_a_name_is_called_by_its_key(viewer: FlaskClient, write: Write) -> None:
    key = write(add(Voucher(code=CODE)))
    assert whats(viewer) == [f"Created voucher no. {CODE}"]
    assert details(viewer, key).all("h3")[0].text == f"Created voucher no. {CODE}"
    assert read(timeline(viewer, "voucher").text).all("h1")[0].text == f"History of voucher no. {CODE}"


def test_value_is_shown_in_its_unit_at_that_time(viewer: FlaskClient, write: Write) -> None:
    write(add(Voucher(code=CODE, label="Oak", worth=5), Voucher(code="B", label="Elm", worth=5)))
    first = write(lambda: (rename(Voucher, CODE, worth=6)(), rename(Voucher, "B", worth=7)()))
    write(rename(Voucher, CODE, unit="USD"))
    last = write(rename(Voucher, CODE, worth=8))
    assert diffs(details(viewer, first)) == [("Worth", "5 EUR → 6 EUR"), ("Worth", "5 EUR → 7 EUR")]
    assert diffs(details(viewer, last)) == [("Worth", "6 USD → 8 USD")]
    write(lambda: db.session.delete(db.session.get_one(Voucher, CODE)))
    assert diffs(details(viewer, last)) == [("Worth", "6 USD → 8 USD")]


def test_reference_to_a_text_key_is_shown_by_name(viewer: FlaskClient, write: Write) -> None:
    write(add(Voucher(code=CODE, label="Oak")))
    write(add(Parcel(number=LARGE, label="Box")))
    key = write(rename(Parcel, LARGE, voucher_code=CODE))
    assert diffs(details(viewer, key)) == [("Voucher", "not set → Oak")]
    write(rename(Parcel, LARGE, voucher_code=None))
    write(lambda: db.session.delete(db.session.get_one(Voucher, CODE)))
    assert diffs(details(viewer, key)) == [("Voucher", f"not set → voucher no. {CODE}, deleted")]


def test_reference_to_a_record_that_the_user_may_not_see_names_only_its_key(
    client_as: ClientAs, write: Write, app: Flask
) -> None:
    unrecorded(app, Guest(uuid=PERSON, label="Hidden"))
    pairs = {"guest_id": (None, str(PERSON))}
    write(add(Parcel(number=1, label="Box")))
    key = write(lambda: record(db.session, [Entry("own_parcels", "1", Action.CHANGE, None, pairs)]))
    assert diffs(details(client_as("owner"), key)) == [("Guest", "not set → Hidden")]
    assert diffs(details(client_as("viewer"), key)) == [("Guest", f"not set → guest no. {PERSON}")]


def test_changes_of_hidden_records_of_any_key_are_hidden(client_as: ClientAs, write: Write) -> None:
    viewer, owner = client_as("viewer"), client_as("owner")
    hidden = write(add(Guest(uuid=PERSON, label="Hidden")))
    write(add(Guest(label="Ada")))
    mixed = write(lambda: (add(Guest(label="Hidden"))(), add(Animal(label="Rex"))()))
    assert whats(viewer) == ["Created animal “Rex”", "Created guest “Ada”"]
    assert whats(viewer, "of=own_guests") == ["Created guest “Ada”"]
    assert whats(owner)[0] == "Created 2 records"
    assert viewer.get(f"{LIST}details/?id={hidden}").status_code == 404
    assert len(details(viewer, mixed).all("h3")) == 1
    assert timeline(viewer, "guest").status_code == 404
    assert timeline(owner, "guest").status_code == 200
    assert "option no longer exists" in viewer.get(f"{LIST}?record=own_guests:{PERSON}").text
    write(rename(Guest, PERSON, label="Seen"))
    assert timeline(viewer, "guest").status_code == 200
    write(lambda: db.session.delete(db.session.get_one(Guest, PERSON)))
    assert timeline(viewer, "guest").status_code == 404
    assert whats(owner)[0] == "Deleted guest “Seen”"


def test_edit_of_a_row_of_a_subclass_is_in_the_history(viewer: FlaskClient, write: Write) -> None:
    write(add(Dog(id=7, label="Rex"), Animal(id=8, label="Tom")))
    key = write(rename(Animal, 7, label="Max", active=False))
    assert whats(viewer) == ["Edited animal “Max”", "Created 2 animals"]
    assert diffs(details(viewer, key)) == [("Label", "Rex → Max"), ("Active", "Yes → No")]
    assert heads(read(timeline(viewer, "dog").text)) == ["Edited", "Created"]


def test_created_and_deleted_records_are_shown_with_no_and_zero(viewer: FlaskClient, write: Write) -> None:
    made = write(add(Animal(id=7, label="Rex", active=False)))
    shown = [("Label", "Rex"), ("Active", "No"), ("Size", "0")]
    assert diffs(details(viewer, made)) == shown
    gone = write(lambda: db.session.delete(db.session.get_one(Animal, 7)))
    assert diffs(details(viewer, gone)) == shown


def test_page_of_a_record_shows_its_newest_changes(viewer: FlaskClient, app: Flask, write: Write) -> None:
    unrecorded(app, Animal(id=7, label="Rex"))
    address = "/admin/my-animals/details/?id=7"
    assert "All history" not in viewer.get(address).text
    write(rename(Animal, 7, label="Max"))
    assert "All history" in viewer.get(address).text


@each_record
def test_change_of_a_record_of_any_key_is_reverted(
    what: str, client_as: ClientAs, write: Write, submit: Submit, app: Flask
) -> None:
    editor = client_as("owner")
    write(add(RECORDS[what][1]()))
    key = write(rename(*only(what), label="Elm"))
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
    write(add(Voucher(code="1", label="Paper")))
    write(add(Parcel(number=1, label="Box")))
    write(add(Animal(id=1, label="Rex")))
    assert titles(viewer.get(LIST).text) == [
        "Created animal “Rex”",
        "Created parcel “Box”",
        "Created voucher “Paper”",
    ]
