"""References that are cleared and set again, in a table whose triggers write other columns."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet, read_unasked
from dashboard.history.revert import Part, revert
from dashboard.registry import registry
from unit.trash.parks import Keeper, Park, declared_parks

pytestmark = pytest.mark.both_databases
OF_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION keeper_note() RETURNS trigger AS $$ BEGIN"
    " NEW.name := NEW.name || '+'; RETURN NEW; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER keeper_note BEFORE UPDATE OF at_park ON keepers FOR EACH ROW"
    " EXECUTE FUNCTION keeper_note()",
)
OF_SQLITE = (
    "CREATE TRIGGER keeper_note AFTER UPDATE OF at_park ON keepers"
    " BEGIN UPDATE keepers SET name = name || '+' WHERE id = NEW.id; END",
)


@pytest.fixture
def keepers(context: Flask) -> Iterator[None]:
    """A park with two keepers, to whose name a trigger adds a sign where their park changes."""
    with declared_parks():
        db.session.add(Park(code="A", name="A"))
        db.session.flush()
        db.session.add_all([Keeper(id=1, name="Kim", park_code="A"), Keeper(id=2, name="Kay", park_code="A")])
        db.session.commit()
        for each in OF_POSTGRESQL if db.engine.dialect.name == "postgresql" else OF_SQLITE:
            db.session.connection().exec_driver_sql(each)
        db.session.commit()
        yield


def last_change() -> Change:
    """The last change of the first keeper."""
    its = select(Change).where(Change.record_kind == "keepers", Change.record_id == 1)
    return db.session.scalars(its.order_by(Change.id.desc())).first() or Change()


def test_what_a_trigger_writes_is_in_the_history_beside_the_reference(keepers: None) -> None:
    registry()["parks"].reverting.remove(["A"])
    db.session.commit()
    change = last_change()
    assert change.pairs == {"name": ("Kim", "Kim+"), "park_code": ("A", None)}
    assert read_unasked(change.fields) == {"name"}
    assert db.session.get_one(Keeper, 1).version == change.version == 2


def test_undo_sets_the_reference_and_what_was_before_its_trigger(keepers: None) -> None:
    registry()["parks"].reverting.remove(["A"])
    db.session.commit()
    last = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    assert last is not None
    revert(db.session, Part(last))
    db.session.commit()
    rows = db.session.execute(select(Keeper.name, Keeper.park_code).order_by(Keeper.id)).all()
    # The trigger, which fires again, got the name that was before.
    assert [tuple(row) for row in rows] == [("Kim+", "A"), ("Kay+", "A")]
