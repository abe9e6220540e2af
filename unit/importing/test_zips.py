"""Products that get their photos from a ZIP: checked before anything is written, all or nothing, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard import clock
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.store import Store
from dashboard.files.sweeping import Sweeper
from dashboard.jobs.models import State
from dashboard.refusal import Refusal
from dashboard.sheets.writing import write_table
from dashboard.testing.catalogue import a_product
from unit.conftest import SetClock
from unit.files.photos import LATER, picture
from unit.importing.conftest import Importing
from unit.importing.zips import (
    BLUE,
    GREEN,
    PHOTOS,
    RED,
    TABLE,
    names_of,
    packed,
    photos_of,
    stored_number,
    used_number,
)

pytestmark = pytest.mark.both_databases
HEADER = "sku,name,price,photos\n"
CUT = picture(size=(900, 900), kind="JPEG")[:-400]


@pytest.fixture
def importing(app: Flask) -> Importing:
    """An editor who imports products."""
    return Importing(app, "products")


def row(cell: str, sku: str = "LMP-1") -> str:
    """A table with one product and the names of its photos."""
    return f'{HEADER}{sku},Oak Lamp,12.50,"{cell.replace(chr(34), chr(34) * 2)}"\n'


def test_rows_get_the_photos_that_they_name(importing: Importing) -> None:
    job = importing.run(packed())

    assert (job.state, job.message) == (State.DONE, "2 products created.")
    listed = photos_of(importing.app)
    assert names_of(importing.app, listed) == ["red.png", "blue.png"]
    assert photos_of(importing.app, "LMP-2") == ()


def test_undo_takes_products_and_photos_away(importing: Importing) -> None:
    job = importing.run(packed())
    assert importing.undo(job.id).state is State.DONE
    assert photos_of(importing.app) == ()


def test_undo_gives_a_product_the_photos_of_before(importing: Importing) -> None:
    importing.run(packed())
    before = photos_of(importing.app)
    job = importing.run(packed(row("green.png"), {"green.png": GREEN}))
    assert names_of(importing.app, photos_of(importing.app)) == ["green.png"]

    importing.undo(job.id)

    assert photos_of(importing.app) == before


def test_same_zip_again_changes_and_stores_nothing(importing: Importing) -> None:
    importing.run(packed())
    check = importing.check(packed())

    assert importing.result(check)["counts"] == {"create": 0, "change": 0, "nothing": 2, "refuse": 0}
    assert stored_number(importing.app) == 2


def test_photo_that_is_there_keeps_its_place_and_key(importing: Importing) -> None:
    importing.run(packed())
    red, _blue = photos_of(importing.app)

    importing.run(packed(row("green.png; red.png"), {"green.png": GREEN, "red.png": RED}))

    listed = photos_of(importing.app)
    assert names_of(importing.app, listed) == ["green.png", "red.png"]
    assert listed[1] == red
    assert stored_number(importing.app) == 3


@pytest.mark.parametrize(("blank", "left"), [("keep", 2), ("clear", 0)])
def test_blank_cell_keeps_or_empties_the_photos(importing: Importing, blank: str, left: int) -> None:
    importing.run(packed())
    importing.run(packed(f"{HEADER}LMP-1,Oak Lamp,13,\n"), blank=blank)
    assert len(photos_of(importing.app)) == left


def test_check_stores_nothing_and_shows_the_names(importing: Importing) -> None:
    check = importing.check(packed())
    assert importing.result(check)["created"][0]["after"]["photos"] == "red.png, blue.png"
    assert stored_number(importing.app) == 0


def test_photo_of_many_rows_is_stored_once(importing: Importing) -> None:
    rows = "".join(f"S-{number},Lamp,1,red.png\n" for number in range(30))
    job = importing.run(packed(HEADER + rows))
    assert job.message == "30 products created."
    assert stored_number(importing.app) == 1
    assert len({photos_of(importing.app, f"S-{number}") for number in range(30)}) == 1


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("missing.png", "Photos: “missing.png” is not in the ZIP."),
        ("https://example.test/a.png", "Photos: Files come from the ZIP only."),
        ("//example.test/a.png", "Photos: Files come from the ZIP only."),
        ("data:image/png;base64", "Photos: Files come from the ZIP only. “base64” is not in the ZIP."),
        ("notes.txt", "Photos: “notes.txt”: This file is not a JPEG, PNG, WebP or GIF image."),
        ("cut.jpg", "Photos: “cut.jpg”: This image is damaged."),
        ("empty.png", "Photos: “empty.png”: This file is empty."),
        ("../red.png", "Photos: “../red.png” is not in the ZIP."),
        ("; ".join(f"{number}.png" for number in range(13)), "Photos: At most 12 files."),
    ],
)
def test_file_that_is_not_taken_is_an_error_of_its_row(importing: Importing, cell: str, reason: str) -> None:
    files = {**PHOTOS, "notes.txt": b"Some notes.", "cut.jpg": CUT, "empty.png": b""}

    check = importing.check(packed(row(cell), files))

    [refused] = importing.refused(check)
    assert refused.startswith(reason)
    assert stored_number(importing.app) == 0


def test_good_rows_get_their_photos_beside_refused_ones(importing: Importing) -> None:
    table = f"{HEADER}LMP-1,Oak Lamp,12.50,red.png\nLMP-2,Elm Lamp,7,missing.png\n"
    job = importing.run(packed(table), whole=False)
    assert job.message == "1 product created, 1 refused."
    assert len(photos_of(importing.app)) == 1


@pytest.mark.parametrize(
    "name", ["photos/red.png", "red.png", "RED.PNG", "photos\\red.png", "./photos/red.png"]
)
def test_file_is_found_by_path_or_name(importing: Importing, name: str) -> None:
    importing.run(packed(row(name)))
    assert names_of(importing.app, photos_of(importing.app)) == ["red.png"]


def test_path_may_begin_in_the_folder_of_the_table(importing: Importing) -> None:
    files = {"lamps/photos/red.png": RED, "chairs/photos/red.png": BLUE}
    importing.run(packed(row("photos/red.png"), files, "lamps/products.csv"))
    assert names_of(importing.app, photos_of(importing.app)) == ["red.png"]


def test_name_that_two_folders_have_is_an_error(importing: Importing) -> None:
    check = importing.check(packed(row("red.png"), {"a/red.png": RED, "b/red.png": BLUE}))
    assert importing.refused(check) == ["Photos: The ZIP has several files called “red.png”."]


def test_name_with_a_semicolon_stands_in_quotes(importing: Importing) -> None:
    importing.run(packed(row('"Oak; old.png"; red.png'), {"Oak; old.png": GREEN, "red.png": RED}))
    assert names_of(importing.app, photos_of(importing.app)) == ["Oak; old.png", "red.png"]


def test_workbook_in_a_zip_is_its_table(importing: Importing, tmp_path: Path) -> None:
    write_table("xlsx", tmp_path / "t", ["sku", "name", "price", "photos"], [["A-1", "Lamp", 5, "red.png"]])
    job = importing.run(packed((tmp_path / "t").read_bytes(), name="products.xlsx"))
    assert job.message == "1 product created."
    assert len(photos_of(importing.app, "A-1")) == 1


def test_table_alone_leaves_its_column_of_photos_out(importing: Importing) -> None:
    assert importing.choices(importing.upload(TABLE)).columns == ["sku", "name", "price", ""]
    with pytest.raises(Refusal, match="“Photos” takes files from a ZIP only"):
        importing.check(TABLE, columns=["sku", "name", "price", "photos"])


def test_choices_about_a_table_alone_are_not_those_of_a_zip(importing: Importing) -> None:
    importing.check(TABLE)
    assert importing.choices(importing.upload(packed())).columns[-1] == "photos"


def test_store_that_is_away_fails_the_import_and_leaves_nothing(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = importing.ask(importing.check(packed()))
    monkeypatch.setitem(importing.app.extensions, "files", Store.of("", Path("/dev/null/files")))

    importing.work()

    job = importing.job(number)
    assert job.state is State.FAILED
    assert job.message.startswith("Files cannot be stored at the moment.")
    assert (photos_of(importing.app), used_number(importing.app)) == ((), 0)


def test_files_of_an_import_that_fails_are_used_by_no_record(
    importing: Importing, set_clock: SetClock
) -> None:
    with importing.app.app_context():
        a_product("Oak Lamp", sku="LMP-1")
        db.session.commit()
    number = importing.ask(importing.check(packed()))
    with importing.app.app_context():
        begin_write(db.session)
        update_product(db.session.scalars(select(Product)).one(), {"stock": 77})
        db.session.commit()

    importing.work()

    assert importing.job(number).state is State.FAILED
    assert (stored_number(importing.app), used_number(importing.app)) == (2, 0)
    with importing.app.app_context():
        set_clock(clock.now() + LATER)
        Sweeper().step()
    assert stored_number(importing.app) == 0
