"""Records of a plug-in get pictures and other files from a ZIP, by its forms and in one change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Action, Change
from dashboard.jobs.models import State
from unit.consoles import console_over
from unit.files.boats import Base, Boat, BoatView
from unit.importing.conftest import Importing
from unit.importing.zips import BLUE, GREEN, RED, names_of, packed, stored_number
from unit.record_view.conftest import plugin

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FILES = {"red.png": RED, "blue.png": BLUE, "green.png": GREEN, "licence.pdf": PDF, "notes.txt": b"Notes.\n"}
HEADER = "code,name,owner,pictures,papers\n"
TABLE = f"{HEADER}a b,Ada,Ann,red.png; blue.png,licence.pdf\nc,Cleo,Bob,red.png,\n"


@pytest.fixture
def importing(settings: Settings) -> Iterator[Importing]:
    with console_over(settings, plugin(lambda: BoatView(Boat)), Base) as app:
        yield Importing(app, "own_boats")


def listed(importing: Importing, code: str = "a b") -> tuple[Any, Any]:
    """The names of the pictures and papers of a boat."""
    with importing.app.app_context():
        its = select(Boat.pictures, Boat.papers).where(Boat.code == code)
        pictures, papers = db.session.execute(its).one()
    return names_of(importing.app, pictures or ()), names_of(importing.app, papers or ())


def test_new_records_get_their_files(importing: Importing) -> None:
    job = importing.run(packed(TABLE, FILES))
    assert (job.state, job.message) == (State.DONE, "2 boats created.")
    assert listed(importing) == (["red.png", "blue.png"], ["licence.pdf"])
    assert listed(importing, "c") == (["red.png"], [])
    assert stored_number(importing.app) == 3


def test_record_and_its_files_are_one_change(importing: Importing) -> None:
    importing.run(packed(TABLE, FILES))
    importing.run(packed(f"{HEADER}c,Cleopatra,Bob,green.png,notes.txt\n", FILES))
    with importing.app.app_context():
        changes = db.session.scalars(select(Change).where(Change.record_kind == "own_boats")).all()
        assert [each.action for each in changes] == [Action.CREATE, Action.CREATE, Action.CHANGE]
        assert {*changes[-1].pairs} == {"name", "pictures", "papers"}
        assert verify(db.session).faults == []


def test_import_of_files_is_undone_with_its_rows(importing: Importing) -> None:
    importing.run(packed(TABLE, FILES))
    job = importing.run(packed(f"{HEADER}c,Cleopatra,Bob,green.png,notes.txt\n", FILES))
    assert listed(importing, "c") == (["green.png"], ["notes.txt"])
    importing.undo(job.id)
    assert listed(importing, "c") == (["red.png"], [])


def test_paper_is_called_like_its_file(importing: Importing) -> None:
    importing.run(packed(TABLE, FILES))
    with importing.app.app_context():
        [paper] = db.session.scalar(select(Boat.papers).where(Boat.code == "a b"))
    assert paper.words == "licence.pdf"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("red.png,red.png", "Papers: “red.png”: Files of this type are not taken here."),
        ("a; b; c; d,", "Pictures: At most 3 files."),
        (
            "a.png,b.pdf",
            "Pictures: “a.png” is not in the ZIP. Papers: “b.pdf” is not in the ZIP.",
        ),
    ],
)
def test_file_that_a_list_does_not_take_refuses_its_row(
    importing: Importing, cells: str, reason: str
) -> None:
    check = importing.check(packed(f"{HEADER}x,Xenia,Bob,{cells}\n", FILES))
    [refused] = importing.refused(check)
    assert refused.startswith(reason)


def test_same_zip_again_changes_nothing(importing: Importing) -> None:
    importing.run(packed(TABLE, FILES))
    check = importing.check(packed(TABLE, FILES))
    assert importing.result(check)["counts"]["nothing"] == 2


def test_other_pictures_alone_are_a_change(importing: Importing) -> None:
    importing.run(packed(TABLE, FILES))
    importing.run(packed("code,pictures\na b,blue.png; red.png\n", FILES), mode="change")
    assert listed(importing) == (["blue.png", "red.png"], ["licence.pdf"])
