"""Exports of records with files: left out, as links, or in a ZIP that can be imported again."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from dashboard.admin.features import export_files
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import trash_products
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.store import Store, files_store
from dashboard.files.storing import part_names
from dashboard.history.chain import verify
from dashboard.history.exports import read_file
from dashboard.history.models import Action, Change
from dashboard.jobs.models import Job, State
from dashboard.jobs.worker import Worker
from unit.admin.reading import record_form
from unit.consoles import console_over
from unit.files.boats import Base, Boat, BoatView
from unit.importing.conftest import Importing
from unit.importing.zips import BLUE, GREEN, RED, names_of, packed, photos_of, stored_number
from unit.record_view.conftest import logged_in, plugin

ASK = "/admin/products/export/"
Exported = Callable[..., bytes]


class Exporting:
    """An editor who exports the records of a list."""

    def __init__(self, app: Flask, endpoint: str = "products") -> None:
        self.app, self.importing = app, Importing(app, endpoint)
        self.ask = f"/admin/{endpoint}/export/"
        self.client: FlaskClient = logged_in(app, "editor")

    def form(self) -> Any:
        return record_form(self.client.get(self.ask).text)

    def job(self, **fields: object) -> Job:
        """Ask for a file by the form, let a worker make it, and return its job."""
        sent = self.form()
        for name, value in fields.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        answer = self.client.post(self.ask, data=sent)
        assert answer.status_code == 303, answer.text
        self.details = str(answer.location)
        assert Worker(self.app).did_one()
        with self.app.app_context():
            found = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
            db.session.expunge(found)
            return found

    def content(self, **fields: object) -> bytes:
        """The bytes of the file."""
        job = self.job(**fields)
        assert job.state is State.DONE, job.message
        return self.client.get(self.details.replace("details", "file")).data

    def rows(self, **fields: object) -> list[dict[str, str]]:
        """The rows of a CSV file."""
        return read(self.content(**fields))


def read(content: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.fixture
def exporting(app: Flask) -> Exporting:
    """A console with a product that has two photos, and one without any."""
    made = Exporting(app)
    assert made.importing.run(packed()).state is State.DONE
    return made


@pytest.fixture
def boats(settings: Settings) -> Iterator[Exporting]:
    """Boats with a text as their key, with pictures and papers."""
    files = {"red.png": RED, "blue.png": BLUE, "a.txt": b"One.\n", "b/a.txt": b"Two.\n"}
    table = (
        "code,name,owner,pictures,papers\n"
        'A/b,Ada,Ann,red.png; blue.png,"a.txt; b/a.txt"\na/B,Bea,Bob,red.png,\nc,Cleo,Bob,,\n'
    )
    with console_over(settings, plugin(lambda: BoatView(Boat)), Base) as app:
        made = Exporting(app, "own_boats")
        assert made.importing.run(packed(table, files)).message == "3 boats created."
        yield made


def test_files_are_left_out_unless_asked_for(exporting: Exporting) -> None:
    assert "photos" not in exporting.rows()[0]


def test_kinds_without_files_are_not_asked_about_them(exporting: Exporting) -> None:
    assert "files" in exporting.form()
    assert "files" not in record_form(exporting.client.get("/admin/categories/export/").text)


@pytest.mark.both_databases
def test_links_lead_to_each_file_for_those_who_are_logged_in(exporting: Exporting) -> None:
    cells = {row["sku"]: row["photos"] for row in exporting.rows(files="links")}
    assert cells["LMP-2"] == ""
    links = cells["LMP-1"].split("; ")
    assert len(links) == 2
    assert all(link.startswith("http://") for link in links)
    path = "/" + links[0].split("/", 3)[3]
    assert exporting.client.get(path).mimetype == "image/webp"
    assert exporting.app.test_client().get(path).status_code == 302


def test_workbook_has_the_links_too(exporting: Exporting, tmp_path: Path) -> None:
    file = tmp_path / "products.xlsx"
    file.write_bytes(exporting.content(files="links", format="xlsx"))
    header, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    cells = [row[header.index("photos")] for row in rows]
    assert sorted(str(cell).count("/admin/products/file/?key=") for cell in cells) == [0, 2]


@pytest.mark.both_databases
def test_zip_has_the_table_and_a_folder_for_each_record(exporting: Exporting) -> None:
    archive = opened(exporting.content(files="zip"))
    [named, _] = sorted(read(archive.read("products.csv")), key=lambda row: row["sku"])
    paths = named["photos"].split("; ")
    assert archive.namelist() == ["products.csv", *paths]
    assert [path.rpartition("/")[2] for path in paths] == ["red.webp", "blue.webp"]
    assert len({path.rpartition("/")[0] for path in paths}) == 1
    assert archive.testzip() is None
    assert archive.getinfo(paths[0]).compress_type == zipfile.ZIP_STORED


def unchanged_by_its_own_zip(exporting: Exporting, format_name: str) -> Any:
    """How many records a ZIP of all of them would leave as they are; no row of it may be refused."""
    check = exporting.importing.check(exporting.content(files="zip", format=format_name))
    assert exporting.importing.refused(check) == []
    return exporting.importing.result(check)["counts"]["nothing"]


@pytest.mark.both_databases
@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_zip_that_was_exported_changes_nothing(exporting: Exporting, format_name: str) -> None:
    assert unchanged_by_its_own_zip(exporting, format_name) == 2


@pytest.mark.both_databases
def test_zip_brings_deleted_products_back_with_their_photos(exporting: Exporting) -> None:
    content = exporting.content(files="zip")
    app = exporting.app
    with app.app_context():
        begin_write(db.session)
        trash_products([*db.session.scalars(select(Product.id))])
        db.session.commit()
    before = stored_number(app)
    assert exporting.importing.run(content).message == "2 products created."
    assert names_of(app, photos_of(app)) == ["red.webp", "blue.webp"]
    assert stored_number(app) == before + 2


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_zip_of_own_records_changes_nothing(boats: Exporting, format_name: str) -> None:
    assert unchanged_by_its_own_zip(boats, format_name) == 3


def test_keys_and_names_that_look_alike_get_paths_of_their_own(boats: Exporting) -> None:
    names = opened(boats.content(files="zip")).namelist()
    assert len({name.casefold() for name in names}) == len(names) == 6
    assert {name.rpartition("/")[2] for name in names if name.startswith("papers/")} == {"a.txt", "a-2.txt"}


def test_file_that_the_store_has_lost_is_told(exporting: Exporting) -> None:
    first, second = photos_of(exporting.app)
    with exporting.app.app_context():
        files_store().delete(part_names(first.key))
    job = exporting.job(files="zip")
    assert (job.state, job.message) == (
        State.DONE,
        "2 products written. 1 file is no longer stored and is left out.",
    )
    content = exporting.client.get(exporting.details.replace("details", "file")).data
    assert opened(content).testzip() is None
    assert len(opened(content).namelist()) == 2
    assert second.key
    assert exporting.importing.refused(exporting.importing.check(content)) == []


def test_store_that_is_away_fails_the_export(exporting: Exporting, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = exporting.form()
    sent["files"] = "zip"
    exporting.client.post(ASK, data=sent)
    monkeypatch.setitem(exporting.app.extensions, "files", Store.of("", Path("/", "x" * 300)))
    assert Worker(exporting.app).did_one()
    with exporting.app.app_context():
        job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert (job.state, job.files) == (State.FAILED, [])
        assert job.message == "Files cannot be read at the moment. Try again later."


@pytest.mark.parametrize(("bound", "value"), [("MOST_ENTRIES", 2), ("MOST_BYTES", 100)])
def test_zip_beyond_its_bounds_says_so(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    monkeypatch.setattr(export_files, bound, value)
    job = exporting.job(files="zip")
    assert job.state is State.FAILED
    assert job.message.endswith("Export fewer records at once.")


@pytest.mark.both_databases
def test_history_has_one_line_for_a_zip(exporting: Exporting) -> None:
    exporting.content(files="zip")
    with exporting.app.app_context():
        [change] = db.session.scalars(select(Change).where(Change.action == Action.EXPORT)).all()
        told = read_file(change)
        assert told is not None
        assert (told.number, told.format, told.columns[-1]) == (2, "CSV and files in a ZIP", "photos")
        assert verify(db.session).faults == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"files": "zip", "format": "jsonl"}, "Choose CSV or Excel for a ZIP"),
        ({"files": "all"}, "Not a valid choice."),
    ],
)
def test_choice_that_is_not_offered_is_an_error(
    exporting: Exporting, fields: dict[str, str], words: str
) -> None:
    sent = exporting.form()
    for name, value in fields.items():
        sent[name] = value
    assert words in exporting.client.post(ASK, data=sent).text


def test_photos_of_a_zip_are_no_larger_than_those_of_pages(exporting: Exporting) -> None:
    exporting.importing.run(packed(files={"photos/red.png": RED, "blue.png": GREEN}))
    archive = opened(exporting.content(files="zip"))
    content = archive.read(archive.namelist()[1])
    assert (content[:4], content[8:12]) == (b"RIFF", b"WEBP")
