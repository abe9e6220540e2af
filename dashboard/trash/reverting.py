"""Reverting changes of any kind of record: deleted ones come back from the trash."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, bindparam, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import lazyload
from sqlalchemy.orm.collections import collection_adapter

from dashboard.database.assigning import assign, assign_written
from dashboard.database.composite_keys import key_column
from dashboard.database.errors import Violation, columns_of, is_outage, violation_of
from dashboard.database.keys import Key, key_of, key_text, read_key
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.as_stored import as_it_was
from dashboard.history.originals import Original
from dashboard.history.stored import read_recorded
from dashboard.refusal import Refusal
from dashboard.registry import Record, Values, registry
from dashboard.search.index import among
from dashboard.trash.flows import count_versions, of_records, put_back, take, trash_records
from dashboard.trash.models import Trashed

log = logging.getLogger(__name__)

REVERTED, RESTORED = "Nothing was reverted", "Nothing was restored"
GONE = "a record that it refers to was deleted."
HELD = "other records refer to it."
REFUSED = "the database no longer accepts these values."


class RecordReverting:
    """Records of `model`, a kind of the registry, as `dashboard.registry.Reverting` describes.

    Its methods raise Refusal where a value is taken, where a record that is referred to is gone, and where
    others refer to a record that is to be deleted.
    """

    def __init__(self, model: type[Any]) -> None:
        self.model = model

    @property
    def record(self) -> Record:
        """The kind of record."""
        return registry().of(self.model)

    def read(self, keys: Sequence[Key], *, lock: bool) -> Mapping[Key, Values]:
        """The records with these keys, as they are now."""
        its = self._values(keys)
        if lock and its:
            key = key_column(inspect(self.model).primary_key)
            db.session.execute(for_writing(select(key).where(among(key, its)), key)).all()
        return read_recorded(db.session, self.record, its)

    def lost(self, keys: Sequence[Key], *, lock: bool) -> Mapping[Key, str]:
        """Those that are not in the trash, or not any more."""
        kind = self.record.trash
        there = set[str]()
        if kind is not None and keys:
            found = select(Trashed.record_key).where(of_records(kind, keys))
            there = set(db.session.scalars(for_writing(found, Trashed.id) if lock else found))
        return {key: "was permanently deleted" for key in keys if key_text(key) not in there}

    def change(self, new: Mapping[Key, Values]) -> int:
        """Give records new values."""
        with refused_in_words(self.record):
            for row in self._rows([*new]):
                for name, value in new[self.record.key_of(row)].items():
                    self._set(row, name, value)
            db.session.flush()
        return len(new)

    def remove(self, keys: Sequence[Key]) -> int:
        """Delete records; they go to the trash where their kind has one."""
        with refused_in_words(self.record, HELD):
            if self.record.trash is not None:
                return trash_records(self.record.trash, self._values(keys))
            for row in self._rows(keys):
                db.session.delete(row)
            db.session.flush()
        return len(keys)

    def restore(self, old: Mapping[Key, Values]) -> int:
        """Bring records back from the trash, as they were."""
        return restore_trashed(self.record, of_records(self.record.trash, [*old]), alone=True)

    def _values(self, keys: Sequence[Key]) -> list[Any]:
        """The values of the key column."""
        values = [key if isinstance(key, int) else self.record.read_key(key) for key in keys]
        return [value for value in values if value is not None]

    def _rows(self, keys: Sequence[Key]) -> list[Any]:
        found = select(self.model).where(among(self.record.key, self._values(keys)))
        fresh = found.options(lazyload("*")).execution_options(populate_existing=True)
        return list(db.session.scalars(fresh.order_by(self.record.key)))

    def _set(self, row: Any, name: str, value: Any) -> None:
        if name in self.record.links:
            self._link(row, name, value)
        elif isinstance(value, Original):
            kind = getattr(self.model, name).type
            assign_written(row, name, value.value, as_it_was(bindparam(None, value.stored), kind))
        else:
            assign(row, name, value)

    def _link(self, row: Any, name: str, keys: Sequence[Key]) -> None:
        """Let a collection have the records with these keys."""
        target = self.record.links[name].entity
        [column] = target.primary_key
        adapter: Any = collection_adapter(getattr(row, name))
        there = {key_of(column.type, inspect(each).identity[0]): each for each in adapter}
        for key in there.keys() - {*keys}:
            adapter.remove_with_event(there[key])
        for key in [key for key in keys if key not in there]:
            other = db.session.get(target.class_, key if isinstance(key, int) else read_key(column.type, key))
            if other is None:
                raise Refusal(f"{REVERTED}: {GONE}")
            adapter.append_with_event(other)


def restore_trashed(record: Record, where: ColumnElement[bool], *, alone: bool = False) -> int:
    """Restore the records of a kind in the trash that meet `where`, with what was deleted with them.

    Returns their number. Restores all or none; raises Refusal where a value is taken or a record is gone that
    one of them refers to. Records of other kinds come back too, unless they are to be `alone`.
    """
    taken = take(record.trash, where)
    count_versions(record.trash, taken)
    with refused_in_words(record, nothing=REVERTED if alone else RESTORED):
        return put_back(record.trash, taken, alone=alone)


@contextmanager
def refused_in_words(record: Record, held: str = GONE, nothing: str = REVERTED) -> Iterator[None]:
    """Turn errors of constraints into Refusal.

    `nothing` says what was not done, `held` what a broken reference means.
    """
    try:
        yield
    except IntegrityError as error:
        raise Refusal(f"{nothing}: {_in_words(error, record, held)}") from error
    except DBAPIError as error:
        if is_outage(error):
            raise
        # A trigger may raise an error of any kind.
        log.exception("The database refused to write records again.")
        raise Refusal(f"{nothing}: {REFUSED}") from error


def _in_words(error: IntegrityError, record: Record, held: str) -> str:
    violation = violation_of(error)
    if violation is Violation.REFERENCE:
        return held
    if violation is not Violation.DUPLICATE:
        return REFUSED
    names = {
        column.name: record.fields.get(name, name) for name, column in inspect(record.model).columns.items()
    }
    labels = [names[column] for column in columns_of(error) if column in names]
    its = " and ".join(labels) or "value that must be unique"
    return f"another {record.singular} now has this {its}."
