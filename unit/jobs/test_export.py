"""Exports as jobs: every format, chosen columns, the rows of the list, and who may have them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from dashboard.accounts.models import User
from dashboard.admin.features.export_job import NOT_ALLOWED
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet
from dashboard.jobs.models import Job, State
from dashboard.jobs.worker import Worker
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from unit.admin.reading import record_form
from unit.conftest import ClientAs, Submit

ASK = "/admin/products/export/"
COLUMNS = ["name", "sku", "stock"]
Exported = Callable[..., bytes]


@pytest.fixture
def products(app: Flask) -> None:
    """Four products, two of which are called like formulas."""
    with app.app_context():
        begin_write(db.session)
        for name, stock in (("Lamp", 3), ("=1+1", 0), ("Chair", 5), ("@home", 7)):
            a_product(name, stock=stock)
        db.session.commit()


@pytest.fixture
def exported(app: Flask, submit: Submit) -> Exported:
    """`exported(client, query, format=…)` asks for a file, lets a worker make it, and returns its bytes."""

    def exported(client: FlaskClient, query: str = "", **fields: object) -> bytes:
        sent = {"format": "csv", "column": COLUMNS, **fields}
        answer = submit(client, f"{ASK}{query}", **sent)
        assert answer.status_code == 303, answer.text
        assert Worker(app).did_one()
        page = client.get(answer.location)
        assert "written." in page.text
        return client.get(answer.location.replace("details", "file")).data

    return exported


@pytest.mark.both_databases
@pytest.mark.usefixtures("products")
@pytest.mark.security(69)
def test_csv_has_the_chosen_columns_and_no_formulas(client_as: ClientAs, exported: Exported) -> None:
    content = exported(client_as("editor")).decode("utf-8-sig")
    header, *rows = csv.reader(content.splitlines())
    assert header == ["sku", "name", "stock"]
    assert {name for _, name, _ in rows} == {"Lamp", "'=1+1", "Chair", "'@home"}


@pytest.mark.both_databases
@pytest.mark.usefixtures("products")
def test_json_lines_hold_values_as_they_are(client_as: ClientAs, exported: Exported) -> None:
    content = exported(client_as("editor"), format="jsonl").decode()
    rows = [json.loads(line) for line in content.splitlines()]
    assert {(row["name"], row["stock"]) for row in rows} == {
        ("Lamp", 3), ("=1+1", 0), ("Chair", 5), ("@home", 7),
    }  # fmt: skip


@pytest.mark.usefixtures("products")
@pytest.mark.security(69)
def test_workbook_holds_numbers_as_numbers_and_no_formulas(
    client_as: ClientAs, exported: Exported, tmp_path: Path
) -> None:
    file = tmp_path / "products.xlsx"
    file.write_bytes(exported(client_as("editor"), format="xlsx"))
    header, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert header == ["sku", "name", "stock"]
    assert {(name, stock) for _, name, stock in rows} == {
        ("Lamp", 3.0), ("=1+1", 0.0), ("Chair", 5.0), ("@home", 7.0),
    }  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.usefixtures("products")
def test_file_has_the_rows_of_the_list_in_its_order(client_as: ClientAs, exported: Exported) -> None:
    editor = client_as("editor")
    content = exported(editor, "?sort=-stock", column=["name"]).decode("utf-8-sig")
    assert content.splitlines() == ["name", "'@home", "Chair", "Lamp", "'=1+1"]
    content = exported(editor, "?q=chair", column=["name"]).decode("utf-8-sig")
    assert content.splitlines() == ["name", "Chair"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"format": "exe"}, "Not a valid choice."),
        ({"column": ["password_hash"]}, "valid choice"),
        ({"column": []}, "Choose at least one column."),
    ],
)
def test_unknown_format_or_column_is_an_error(
    client_as: ClientAs, submit: Submit, app: Flask, fields: dict[str, object], words: str
) -> None:
    answer = submit(client_as("editor"), ASK, **{"format": "csv", "column": COLUMNS, **fields})
    assert words in answer.text
    with app.app_context():
        assert db.session.query(Job).count() == 0


def test_owner_who_may_export_no_more_gets_no_file(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    submit(client_as("editor"), ASK, format="csv", column=COLUMNS)
    with app.app_context():
        begin_write(db.session)
        job = db.session.query(Job).one()
        job.owner.role = "viewer"
        db.session.commit()
        assert Worker(app).did_one()
        db.session.rollback()
        job = db.session.query(Job).one()
        assert (job.state, job.message, job.files) == (State.FAILED, NOT_ALLOWED, [])


def test_history_says_whose_data_a_file_holds_once_it_is_made(
    app: Flask, client_as: ClientAs, exported: Exported, submit: Submit
) -> None:
    admin = client_as("admin")
    submit(admin, "/admin/users/export/", format="csv", column=["email"])
    with app.app_context():
        assert ChangeKind.EXPORT not in [each.kind for each in db.session.query(ChangeSet)]
        an_account(email="later@example.test")
        db.session.commit()
        assert Worker(app).did_one()
        db.session.rollback()
        exports = db.session.query(Change).filter_by(action=Action.EXPORT)
        assert {each.record_id for each in exports} == {each.id for each in db.session.query(User)}
        assert verify(db.session).faults == []


@pytest.mark.both_databases
@pytest.mark.usefixtures("products")
def test_selected_records_alone_are_in_the_file(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    client = client_as("editor")
    page = submit(client, "/admin/products/action/", action="export", rowid=["1", "3"])
    assert "2 products selected." in page.text
    form = {name: values for name, values in record_form(page.text).lists() if name != "column"}
    answer = client.post("/admin/products/action/", data={**form, "format": "jsonl", "column": ["name"]})
    assert Worker(app).did_one()
    assert "2 products written." in client.get(answer.location).text
    content = client.get(answer.location.replace("details", "file")).text
    assert sorted(json.loads(line)["name"] for line in content.splitlines()) == ["Chair", "Lamp"]


@pytest.mark.usefixtures("products")
def test_selection_of_everything_is_the_export_of_its_list(client_as: ClientAs, submit: Submit) -> None:
    answer = submit(client_as("editor"), "/admin/products/action/", action="export", matching="q=lamp")
    assert answer.location == "/admin/products/export/?q=lamp"


@pytest.mark.usefixtures("products")
def test_selected_records_without_a_column_are_asked_about_again(client_as: ClientAs, submit: Submit) -> None:
    fields = {"action": "export", "stage": "export", "rowid": ["1"], "format": "csv"}
    page = submit(client_as("editor"), "/admin/products/action/", **fields)
    assert "Choose at least one column." in page.text
