"""The history has a line for every file of records that are not about people."""

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeKind, ChangeSet, Origin
from dashboard.jobs.flows import cancel
from dashboard.jobs.models import Job, State
from dashboard.jobs.worker import Worker
from dashboard.testing.accounts import the_account
from unit.admin.conftest import Fill
from unit.admin.ledger import LIST, details, diffs, whats
from unit.admin.reading import record_form
from unit.conftest import ClientAs, Submit
from unit.history.refusing import allow_inserts, refuse_inserts

pytestmark = pytest.mark.both_databases
CSV, ASK = "/admin/products/export/csv/", "/admin/products/export/"
COLUMNS = ["sku", "name"]
EXPORTS = "kind=export"


def exports(app: Flask) -> list[ChangeSet]:
    """The change sets of exports, the oldest first."""
    with app.app_context():
        its = select(ChangeSet).where(ChangeSet.kind == ChangeKind.EXPORT)
        return [*db.session.scalars(its.order_by(ChangeSet.id))]


def keys(app: Flask) -> list[int]:
    """The numbers of these change sets."""
    return [each.id for each in exports(app)]


def told(app: Flask) -> tuple[Origin, int | None]:
    """The source and the author of the only export; the history is sealed."""
    [made] = exports(app)
    with app.app_context():
        assert verify(db.session).faults == []
    return made.origin, made.author_id


def id_of(app: Flask, role: str) -> int:
    """The number of the account with this role."""
    with app.app_context():
        return the_account(role).id


def test_download_says_who_took_how_many_records(app: Flask, client_as: ClientAs, fill: Fill) -> None:
    fill("products", 3)
    editor = client_as("editor")
    assert editor.get(CSV).text.count("Lamp") == 3
    assert whats(client_as("viewer"), EXPORTS) == ["Exported 3 products"]
    assert told(app) == (Origin.FORM, id_of(app, "editor"))
    [key] = keys(app)
    page = details(editor, key)
    assert diffs(page)[0] == ("Format", "CSV")
    assert diffs(page)[1][1].startswith("sku, name, description")
    assert diffs(page)[2] == ("Filter", "None")


def test_download_names_the_search_and_the_filters(app: Flask, client_as: ClientAs, fill: Fill) -> None:
    fill("products", 2, status="active")
    editor = client_as("editor")
    editor.get(f"{CSV}?q=lamp&status=active&status=draft&sort=name")
    [key] = keys(app)
    assert diffs(details(editor, key))[2] == ("Filter", "Search: lamp; Status: Draft or Active")
    assert whats(editor, EXPORTS) == ["Exported 2 products"]


def test_filter_that_is_gone_is_shown_as_it_was_asked_for(
    app: Flask, client_as: ClientAs, fill: Fill, submit: Submit
) -> None:
    editor = client_as("editor")
    submit(editor, "/admin/categories/new/", name="Lamps")
    editor.get(f"{CSV}?category=1")
    [key] = keys(app)
    assert diffs(details(editor, key))[2] == ("Filter", "Category: Lamps")
    submit(editor, "/admin/categories/delete/?id=1")
    assert diffs(details(editor, key))[2] == ("Filter", "category: 1")


def test_job_is_recorded_when_its_file_is_complete(
    app: Flask, client_as: ClientAs, submit: Submit, fill: Fill
) -> None:
    fill("products", 3)
    editor = client_as("editor")
    submit(editor, f"{ASK}?q=lamp", format="xlsx", column=COLUMNS)
    assert exports(app) == []
    assert Worker(app).did_one()
    assert told(app) == (Origin.JOB, id_of(app, "editor"))
    assert whats(editor, EXPORTS) == ["Exported 3 products"]
    [key] = keys(app)
    facts = [("Format", "Excel workbook"), ("Columns", "sku, name"), ("Filter", "Search: lamp")]
    assert diffs(details(editor, key)) == facts


def test_file_of_selected_records_says_so(
    app: Flask, client_as: ClientAs, submit: Submit, fill: Fill
) -> None:
    fill("products", 3)
    editor = client_as("editor")
    page = submit(editor, "/admin/products/action/", action="export", rowid=["1", "3"])
    form = {name: values for name, values in record_form(page.text).lists() if name != "column"}
    editor.post("/admin/products/action/", data={**form, "format": "jsonl", "column": ["name"]})
    assert Worker(app).did_one()
    assert whats(editor, EXPORTS) == ["Exported 2 products"]
    [key] = keys(app)
    facts = [("Format", "JSON Lines"), ("Columns", "name"), ("Filter", "Selected records")]
    assert diffs(details(editor, key)) == facts


def test_cancelled_job_is_not_recorded(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    submit(client_as("editor"), ASK, format="csv", column=COLUMNS)
    with app.app_context():
        begin_write(db.session)
        assert cancel(db.session.scalars(select(Job)).one())
        db.session.commit()
    Worker(app).did_one()
    assert exports(app) == []


def test_failed_job_is_not_recorded(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    submit(client_as("editor"), ASK, format="csv", column=COLUMNS)
    with app.app_context():
        begin_write(db.session)
        the_account("editor").role = "viewer"
        db.session.commit()
    Worker(app).did_one()
    with app.app_context():
        assert db.session.scalars(select(Job.state)).one() == State.FAILED
    assert exports(app) == []


def test_head_and_refused_downloads_are_not_recorded(app: Flask, client_as: ClientAs) -> None:
    client_as("editor").head(CSV)
    assert client_as("viewer").get(CSV).status_code == 403
    assert exports(app) == []


def test_download_that_cannot_be_recorded_is_refused(app: Flask, client_as: ClientAs, fill: Fill) -> None:
    fill("products", 1)
    editor = client_as("editor")
    with app.app_context():
        refuse_inserts("changes")
    answer = editor.get(CSV)
    assert answer.status_code == 500
    assert "Lamp" not in answer.text
    assert "could not be recorded in the history" in answer.text
    with app.app_context():
        allow_inserts("changes")


def test_export_offers_neither_a_record_nor_its_undo(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    owner = client_as("owner")
    owner.get(CSV)
    [key] = keys(app)
    page = details(owner, key)
    assert [each.text for each in page.all("h3")] == ["Exported 0 products"]
    assert page.all("h3")[0].all("a") == []
    assert "Revert" not in owner.get(f"{LIST}details/?id={key}").text
    assert owner.get(f"/admin/revert/?set={key}").status_code == 404
    assert submit(owner, "/admin/revert/undo/", id=key).status_code == 403


def test_export_is_found_by_type_user_and_source(app: Flask, client_as: ClientAs) -> None:
    editor, viewer = client_as("editor"), client_as("viewer")
    editor.get(CSV)
    for query in ("of=products", f"person={id_of(app, 'editor')}", "origin=form", EXPORTS):
        assert "Exported 0 products" in whats(viewer, query), query
    assert "Exported 0 products" not in whats(viewer, "of=categories")


def test_export_is_no_change_of_a_record(app: Flask, client_as: ClientAs, fill: Fill) -> None:
    fill("products", 1)
    editor = client_as("editor")
    editor.get(CSV)
    assert "Exported" not in editor.get("/admin/products/history/?id=1").text
    with app.app_context():
        [change] = db.session.scalars(select(Change).where(Change.record_key == ""))
        assert (change.record_kind, change.is_of_kind, change.version) == ("products", True, None)
