"""`dashboard import` and `dashboard export`: any kind of record from a file and into one."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.exports import ExportedFile, read_file
from dashboard.history.models import Change, ChangeKind, ChangeSet, Origin
from dashboard.testing.accounts import an_account, email_of
from unit.cli.conftest import Run
from unit.importing.zips import packed

NAMES = ("Lamps", "Chairs", "Café tables")


@pytest.fixture
def owner(console: Flask) -> str:
    an_account("owner", email=email_of("owner"))
    an_account("viewer", email=email_of("viewer"))
    db.session.commit()
    return email_of("owner")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "categories.csv"
    path.write_text("\n".join(["name", *NAMES]), encoding="utf-8")
    return path


def stored() -> set[str]:
    db.session.rollback()
    return {*db.session.scalars(select(Category.name))}


def test_import_puts_every_row_in_and_says_so(run: Run, owner: str, file: Path) -> None:
    result = run("import", "categories", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Checked: 3 categories to create.\n3 categories created.\n"
    assert stored() == {*NAMES}
    made = db.session.scalars(select(ChangeSet).where(ChangeSet.kind == ChangeKind.IMPORT)).one()
    assert made.note == "Import of categories.csv"


def test_same_file_again_changes_nothing(run: Run, owner: str, file: Path) -> None:
    run("import", "categories", str(file))
    result = run("import", "categories", str(file))
    assert (result.exit_code, result.stderr) == (0, "Checked: 3 as they were.\n")


def test_refused_row_keeps_all_rows_out_and_goes_to_a_file(run: Run, owner: str, file: Path) -> None:
    file.write_text(f"{file.read_text()}\n{'x' * 200}\n")
    result = run("import", "categories", str(file))
    refused = file.with_name("categories-refused.csv")
    assert result.exit_code == 1
    assert f"The refused rows are in {refused}." in result.stderr
    assert "Nothing was imported." in result.stderr
    assert refused.read_text(encoding="utf-8-sig").splitlines()[0] == "name,Error"
    assert stored() == set()


def test_zip_brings_products_with_their_photos(run: Run, owner: str, tmp_path: Path) -> None:
    file = tmp_path / "products.zip"
    file.write_bytes(packed())
    result = run("import", "products", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Checked: 2 products to create.\n2 products created.\n"
    db.session.rollback()
    photos = db.session.scalars(select(Product.photos).order_by(Product.sku))
    assert [len(each or ()) for each in photos] == [2, 0]


def test_file_that_a_zip_lacks_is_among_the_refused_rows(run: Run, owner: str, tmp_path: Path) -> None:
    file = tmp_path / "products.zip"
    file.write_bytes(packed(files={}))
    assert run("import", "products", str(file)).exit_code == 1
    text = (tmp_path / "products-refused.csv").read_text(encoding="utf-8-sig")
    assert "Photos: “photos/red.png” is not in the ZIP." in text


def test_good_rows_go_in_where_that_is_asked_for(run: Run, owner: str, file: Path) -> None:
    file.write_text(f"{file.read_text()}\n{'x' * 200}\n")
    result = run("import", "categories", str(file), "--good-rows")
    assert result.exit_code == 1
    assert stored() == {*NAMES}


def test_check_changes_nothing(run: Run, owner: str, file: Path) -> None:
    result = run("import", "categories", str(file), "--check")
    assert (result.exit_code, stored()) == (0, set())


def test_columns_are_mapped_by_name(run: Run, owner: str, file: Path) -> None:
    file.write_text(file.read_text().replace("name", "Shelf"))
    assert run("import", "categories", str(file), "--map", "Shelf=name").exit_code == 0
    assert stored() == {*NAMES}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--map", "Shelf=name"), "--map Shelf=name: the file has no column “Shelf”."),
        (("--map", "name=colour"), "There is no field “colour”. There are: name, id."),
        (("--as", "nobody@example.test"), "No active account has the email nobody@example.test."),
        (("--as", "viewer@example.test"), "You may no longer change these records."),
        (("--encoding", "latin-9"), "Choose one of the encodings."),
    ],
)
def test_wrong_option_is_one_line(
    run: Run, owner: str, file: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = run("import", "categories", str(file), *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {told}")
    assert stored() == set()


def test_kind_without_import_is_one_line(run: Run, owner: str, file: Path) -> None:
    result = run("import", "users", str(file))
    assert (result.exit_code, result.stderr) == (1, "Error: This console can't import into users any more.\n")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl"])
def test_export_has_the_format_that_its_name_says(run: Run, owner: str, file: Path, suffix: str) -> None:
    run("import", "categories", str(file))
    target = file.with_name(f"out{suffix}")
    result = run("export", "categories", str(target))
    assert (result.exit_code, result.stderr) == (0, "3 categories written.\n")
    if suffix == ".csv":
        assert target.read_bytes().startswith(b"name,products,created_at\r\n")
    elif suffix == ".xlsx":
        assert "xl/workbook.xml" in ZipFile(target).namelist()
    else:
        assert {json.loads(line)["name"] for line in target.read_text().splitlines()} == {*NAMES}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_exported_file_comes_in_again_without_a_change(run: Run, owner: str, file: Path, suffix: str) -> None:
    run("import", "categories", str(file))
    target = file.with_name(f"out{suffix}")
    run("export", "categories", str(target))
    assert run("import", "categories", str(target)).stderr == "Checked: 3 as they were.\n"


def test_export_of_people_needs_an_account_and_is_recorded(run: Run, owner: str, tmp_path: Path) -> None:
    target = str(tmp_path / "users.csv")
    told = "Who sees which users depends on the account. Name the one that exports them with --as."
    assert run("export", "users", target).stderr == f"Error: {told}\n"
    assert run("export", "users", target, "--as", owner).stderr == "2 accounts written.\n"
    db.session.rollback()
    [made] = db.session.scalars(select(ChangeSet).where(ChangeSet.kind == ChangeKind.EXPORT)).all()
    assert made.author_id is not None
    assert made.origin == Origin.COMMAND


@pytest.mark.parametrize(("suffix", "format_name"), [(".csv", "CSV"), (".xlsx", "Excel workbook")])
def test_export_by_a_command_is_recorded(
    run: Run, owner: str, file: Path, suffix: str, format_name: str
) -> None:
    run("import", "categories", str(file))
    run("export", "categories", str(file.with_name(f"out{suffix}")))
    run("export", "categories", str(file.parent), "--as", owner)  # a folder can't be written
    db.session.rollback()
    [made] = db.session.scalars(select(ChangeSet).where(ChangeSet.kind == ChangeKind.EXPORT)).all()
    [change] = db.session.scalars(select(Change).where(Change.change_set_id == made.id)).all()
    assert (made.origin, made.author_id) == (Origin.COMMAND, None)
    told = read_file(change)
    assert told == ExportedFile(3, format_name, ["name", "products", "created_at"])
    assert verify(db.session).faults == []
