"""A record is restored with all that was deleted with it, in an order that the database accepts."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.history.revert import Part, revert
from dashboard.registry import registry
from dashboard.trash.flows import of_records
from dashboard.trash.models import Trashed
from dashboard.trash.reverting import restore_trashed
from unit.trash.mailboxes import Filing, Folder, Letter, Mailbox, Remark, declared_mailboxes, stored

pytestmark = pytest.mark.both_databases


@pytest.fixture(
    params=[*permutations([Letter, Folder, Remark])], ids=lambda its: its[0].__name__ + its[1].__name__
)
def mailboxes(context: Flask, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Two mailboxes, whose letters and folders are filed and remarked on across; kinds in any order."""
    with declared_mailboxes(Mailbox, *request.param):
        db.session.add_all([Mailbox(id=1, name="A"), Mailbox(id=2, name="B")])
        db.session.flush()
        for model in (Letter, Folder):
            db.session.add_all(
                model(id=each, name=f"{each}", mailbox_id=each % 2 + 1) for each in range(1, 7)
            )
        db.session.flush()
        pairs = [(letter, folder) for letter in range(1, 7) for folder in range(1, 7)]
        db.session.add_all(Filing(letter_id=letter, folder_id=folder) for letter, folder in pairs)
        db.session.add_all(Remark(name="x", letter_id=letter, folder_id=folder) for letter, folder in pairs)
        db.session.commit()
        yield stored()


def deleted() -> None:
    """Delete the first mailbox."""
    registry()["mailboxes"].reverting.remove([1])
    db.session.commit()
    assert {name: len(rows) for name, rows in stored().items()} == {
        "mailboxes": 1,
        "letters": 3,
        "mail_folders": 3,
        "filings": 9,
        "remarks": 9,
    }


def restored() -> None:
    """Restore the first mailbox from the trash."""
    kind = registry()["mailboxes"]
    assert restore_trashed(kind, of_records(kind.trash, [1])) == 1
    db.session.commit()


def undo() -> None:
    """Undo the last change set."""
    revert(
        db.session, Part(db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first() or 0)
    )
    db.session.commit()


def test_record_comes_back_with_rows_between_those_that_went_with_it(mailboxes: dict[str, Any]) -> None:
    deleted()
    restored()
    assert stored() == mailboxes
    assert not db.session.scalars(select(Trashed.id)).all()


def test_undo_of_such_a_restoring_deletes_them_again(mailboxes: dict[str, Any]) -> None:
    deleted()
    gone = stored()
    restored()
    undo()
    assert stored() == gone
    undo()
    assert stored() == mailboxes
