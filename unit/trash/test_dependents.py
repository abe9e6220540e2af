"""Dependents of a record go to the trash with it and come back, as the schema and the mapping say."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    select,
    text,
)
from sqlalchemy.orm import registry as mapping
from sqlalchemy.types import UserDefinedType

from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeSet
from dashboard.history.revert import Part, revert
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.trash.flows import of_records, put_back, take
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed
from unit.trash.parks import (
    Bench,
    Garden,
    Gate,
    Keeper,
    Park,
    Plank,
    Sign,
    Tree,
    Visitor,
    declared_parks,
    stored,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def parks(context: Flask) -> Iterator[None]:
    """A park with one of everything that depends on it, another beside it, and one in it."""
    with declared_parks():
        park, garden = Park(code="A/1", name="Alder"), Garden(code="B", name="Beech", seed=b"\0\xff", roses=3)
        db.session.add_all([park, garden])
        db.session.flush()
        db.session.add_all(
            [Garden(code="C", name="Cedar", inside="A/1", seed=b"c"), Visitor(id=1, parks=[park, garden])]
        )
        for number, code in ((1, "A/1"), (2, "B")):
            db.session.add(Bench(id=number, park=code, photo=bytes([number, 0])))
            db.session.flush()
            db.session.add_all([Plank(id=number, bench_id=number), Sign(id=number, park=code)])
            db.session.add(Keeper(id=number, name=f"K{number}", park_code=code))
            db.session.add(Tree(id=number, name=f"T{number}", park=code))
        db.session.commit()
        yield


def removed(*codes: str) -> None:
    """Delete parks."""
    registry()["parks"].reverting.remove([*codes])
    db.session.commit()


def undo() -> None:
    """Undo the last change set."""
    last = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    assert last is not None
    revert(db.session, Part(last), untouched=True)
    db.session.commit()
    assert verify(db.session).faults == []


def restored(code: str) -> None:
    """Restore a park as the page of the trash does."""
    kind = registry()["parks"].trash
    put_back(kind, take(kind, of_records(kind, [code])))
    db.session.commit()
    assert verify(db.session).faults == []


def lines() -> list[tuple[str, Any, str]]:
    """The changes of the last change set."""
    last = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    found = db.session.scalars(select(Change).where(Change.change_set_id == last).order_by(Change.id))
    return [(each.record_kind, each.key, each.action.value) for each in found]


def test_everything_that_depends_on_a_record_goes_with_it(parks: None) -> None:
    removed("A/1")
    left = stored()
    assert left["parks"] == [("B", "Beech", "garden", None)]
    assert {name: len(left[name]) for name in ("gardens", "benches", "planks", "trees", "park_visits")} == {
        "gardens": 1,
        "benches": 1,
        "planks": 1,
        "trees": 1,
        "park_visits": 1,
    }
    assert left["keepers"] == [(1, "K1", None), (2, "K2", "B")]
    assert left["signs"] == [(1, None), (2, "B")]
    assert db.session.scalars(select(Trashed.kind).order_by(Trashed.kind)).all() == [
        "parks",
        "parks",
        "trees",
    ]


def test_nothing_goes_without_a_line(parks: None) -> None:
    removed("A/1")
    assert sorted(lines(), key=str) == [
        ("keepers", 1, "change"),
        ("parks", "A/1", "delete"),
        ("parks", "C", "delete"),
        ("trees", 1, "delete"),
    ]
    assert db.session.get_one(Keeper, 1).version == 2
    assert db.session.scalars(select(ChangeSet.kind).order_by(ChangeSet.id.desc())).first() == "delete"


@pytest.mark.parametrize("codes", [["A/1"], ["B"], ["A/1", "B"], ["C"]], ids=str)
def test_undo_restores_every_byte(parks: None, codes: list[str]) -> None:
    before = stored()
    removed(*codes)
    assert stored() != before
    undo()
    assert stored() == before
    assert db.session.scalars(select(Trashed)).all() == []


def test_restored_record_has_again_what_depended_on_it(parks: None) -> None:
    before = stored()
    removed("A/1")
    restored("A/1")
    assert stored() == before
    assert db.session.scalars(select(Trashed)).all() == []


def test_undo_of_a_restoring_deletes_it_all_again(parks: None) -> None:
    removed("A/1")
    after = stored()
    restored("A/1")
    undo()
    assert stored() == after


def test_row_that_refers_to_another_since_is_left(parks: None) -> None:
    removed("A/1")
    db.session.execute(text("UPDATE signs SET park = 'B'"))
    db.session.execute(text("DELETE FROM visitors WHERE id = 9"))
    db.session.commit()
    restored("A/1")
    assert stored()["signs"] == [(1, "B"), (2, "B")]


def test_record_that_is_held_is_not_deleted(parks: None) -> None:
    db.session.add(Gate(id=1, park="A/1"))
    db.session.commit()
    before = stored()
    with pytest.raises(Refusal, match=r"They can't be deleted: they are used by 1 row of gates."):
        removed("A/1")
    db.session.rollback()
    assert stored() == before


def test_row_of_a_subclass_is_recorded_when_it_is_edited(parks: None) -> None:
    garden = db.session.get_one(Garden, "B")
    garden.name = "Birch"
    db.session.commit()
    assert lines() == [("parks", "B", "change")]
    undo()
    assert garden.name == "Beech"


def test_links_between_records_of_one_kind_come_back(parks: None) -> None:
    a, b, c = (db.session.get_one(Park, code) for code in ("A/1", "B", "C"))
    b.near, c.near = [a, c], [b]
    db.session.commit()
    before = stored()
    removed("B")
    assert stored()["park_paths"] == []
    undo()
    assert stored() == before
    assert registry()["parks"].reverting.read(["B"], lock=True)["B"]["near"] == ["A/1", "C"]
    b.near = []
    db.session.commit()
    undo()
    assert stored() == before


def a_model(*more: Any, **options: Any) -> type[Any]:
    """A model over a table with a key, columns of a table that goes with it, and keys of that."""
    mapped, metadata = mapping(), MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("b", Integer), **options)
    Table("u", metadata, Column("id", Integer, primary_key=True), *more)
    model = type("T", (), {})
    mapped.map_imperatively(model, table)
    return model


class Wave(UserDefinedType[complex]):
    """A type of values that no row of the trash can hold."""

    cache_ok = True
    python_type = complex

    def get_col_spec(self) -> str:
        return "BLOB"


def test_what_goes_with_a_record_and_cannot_be_stored_is_refused(context: Flask) -> None:
    reference = Column("t_id", ForeignKey("t.id", ondelete="CASCADE"))
    with pytest.raises(TypeError, match=r"^u\.words: .* cannot be stored$"):
        Trashable(a_model(reference, Column("words", Wave())), title="b").check()


def test_foreign_key_of_several_columns_is_refused(context: Flask) -> None:
    columns = [Column("a", Integer), Column("b", Integer)]
    constraint = ForeignKeyConstraint(["a", "b"], ["t.id", "t.b"], ondelete="CASCADE")
    with pytest.raises(TypeError, match=r"^u: a foreign key of several columns cannot be put back$"):
        Trashable(a_model(*columns, constraint), title="b").check()


def test_restored_record_that_counts_versions_has_the_next(parks: None) -> None:
    keepers = registry()["keepers"]
    keepers.reverting.remove([1])
    db.session.commit()
    undo()
    assert db.session.get_one(Keeper, 1).version == 2
