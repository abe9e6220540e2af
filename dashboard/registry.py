"""The kinds of records of an application: each is declared once, and everything else asks here.

Navigation, palette, history, reverting, permissions and the list of what is recorded are read from it. The
registry belongs to one application, so that two of them in one process share nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy import ColumnElement, inspect
from sqlalchemy.orm import InstrumentedAttribute, RelationshipProperty
from sqlalchemy.types import TypeEngine

from dashboard.database.composite_keys import key_attribute
from dashboard.database.keys import Key, is_plain, key_of, read_key
from dashboard.database.links import keys_of
from dashboard.database.recorded import BY_MODEL, keep_old_values, masked_among
from dashboard.database.recorded import RECORDED as RECORDED
from dashboard.database.recorded import Recorded as Recorded
from dashboard.database.recorded import recorded as recorded
from dashboard.permissions import Access, Permission, Role, grants, may

Values = Mapping[str, Any]
REGISTRY = "registry"
"""Where an application keeps its `Registry`."""
USUAL_ROLES: Mapping[Access, Role] = {
    Access.READ: Role.VIEWER,
    Access.WRITE: Role.EDITOR,
    Access.EXPORT: Role.EDITOR,
    Access.PURGE: Role.OWNER,
}
"""The least role for each access, where a kind of record does not say otherwise."""


VERSION_NOW = " version"
"""The name of the number of the stored version, where the record has another column called ``version``."""


class Reverting(Protocol):
    """How records of one kind are put back; each method raises Refusal where that cannot be.

    Keys are as `Record.key_of` gives them: numbers, or texts.
    """

    def read(self, keys: Sequence[Any], *, lock: bool) -> Mapping[Any, Values]:
        """Return the stored ``version`` and recorded fields of these records; see `VERSION_NOW`.

        Where `lock` is set they stay so until the transaction ends.
        """

    def lost(self, keys: Sequence[Any], *, lock: bool) -> Mapping[Any, str]:
        """Return those of these deleted records that cannot be restored, each with the reason in plain words.

        Where `lock` is set the others can be until the transaction ends.
        """

    def change(self, new: Mapping[Any, Values]) -> int:
        """Give records new values and return how many there were."""

    def remove(self, keys: Sequence[Any]) -> int:
        """Delete records and return how many there were."""

    def restore(self, old: Mapping[Any, Values]) -> int:
        """Bring deleted records back with the values that they had and return how many there were."""


@dataclass(frozen=True)
class Unit:
    """A field that means something only together with another: an amount of money and its currency.

    ``show`` writes both for people, from the value and that of the field ``of``.
    """

    of: str
    show: Callable[[Any, str], str]


def _all_records() -> list[ColumnElement[bool]]:
    return []


def _always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Record:
    """A kind of record, and what every part of the console asks of it.

    ``title`` is the column that names a record, ``singular`` and ``name`` what one and all of them are
    called, ``endpoint`` the name in addresses and permissions. ``scope`` gives the conditions that leave the
    records which the current user may see, ``sees_all`` says whether these are all, also those that are gone.
    ``units`` names the fields that are shown with another, ``quoted`` says that names stand in quotes.
    ``recorded`` are the fields that the history keeps, by default those that the model declares; names of
    collections of other records are among them. Raises LookupError where nothing declares them or the model
    has no such field.
    """

    model: type[Any]
    title: InstrumentedAttribute[Any]
    singular: str
    name: str
    endpoint: str
    reverting: Reverting
    roles: Mapping[Access, Role] = field(default_factory=dict)
    scope: Callable[[], list[ColumnElement[bool]]] = _all_records
    sees_all: Callable[[], bool] = _always
    units: Mapping[str, Unit] = field(default_factory=dict)
    quoted: bool = True
    trash: Any = None
    """How deleted records are kept in the trash: a `dashboard.trash.kinds.Trashable`; None where they go."""
    can_create: bool = False
    """Whether a form creates records of this kind."""
    can_restore: bool = True
    """Whether a record that was deleted can be put back."""
    needs_proof: bool = False
    """Whether changes of these records need a fresh proof of who makes them."""
    reason_required: bool = False
    """Whether their changes need a reason."""
    recorded: Recorded = BY_MODEL
    searched: Sequence[InstrumentedAttribute[Any]] | None = None
    """The columns that the search of its list looks in; None where the search is none of columns."""

    def __post_init__(self) -> None:
        if self.recorded is BY_MODEL:
            object.__setattr__(self, "recorded", getattr(self.model, RECORDED, BY_MODEL))
        if self.recorded is BY_MODEL:
            raise LookupError(f"Nothing declares which fields of {self.model.__name__} the history records.")
        columns = inspect(self.model).columns.keys()
        if unknown := self.fields.keys() - {*columns} - self.links.keys():
            raise LookupError(f"{self.model.__name__} has no field {min(unknown)} that can be recorded.")
        if self.personal and self.trash is not None:
            raise LookupError(f"{self.kind} are people: the trash would still have those who were erased.")

    @cached_property
    def kind(self) -> str:
        """The name of this kind in the history: that of its table, with the schema where there is one."""
        return kind_of(self.model)

    @cached_property
    def key(self) -> InstrumentedAttribute[Any]:
        """The primary key: its column, or that of several columns as one value."""
        return key_attribute(self.model)

    @property
    def fields(self) -> Mapping[str, str]:
        """The labels of the fields that the history keeps, by their names."""
        return self.recorded.fields

    @property
    def personal(self) -> bool:
        """Whether these records are about people."""
        return self.recorded.personal

    @cached_property
    def masked(self) -> frozenset[str]:
        """The fields that are recorded without their values, because they hold secrets."""
        return masked_among(self.model, self.recorded)

    @cached_property
    def links(self) -> Mapping[str, RelationshipProperty[Any]]:
        """The fields that are collections of other records, linked by a table of their own."""
        found = inspect(self.model).relationships
        its = {name: found[name] for name in self.fields if name in found}
        return {name: link for name, link in its.items() if link.secondary is not None}

    @cached_property
    def columns(self) -> Sequence[InstrumentedAttribute[Any]]:
        """The fields that the history keeps, as columns in their order."""
        return [getattr(self.model, name) for name in self.fields if name not in self.links]

    @cached_property
    def types(self) -> Mapping[str, TypeEngine[Any]]:
        """The types of these columns by their names: asking the model takes as long as writing a value."""
        return {name: getattr(self.model, name).type for name in self.fields if name not in self.links}

    @cached_property
    def references(self) -> Mapping[str, str]:
        """The fields that hold the key of another record, each with the table that it is in."""
        foreign = {column.key: column.property.columns[0].foreign_keys for column in self.columns}
        return {name: next(iter(keys)).column.table.fullname for name, keys in foreign.items() if keys}

    @property
    def has_plain_key(self) -> bool:
        """Whether the history holds the keys as numbers."""
        return is_plain(self.key.type)

    def key_of(self, record: Any) -> Key:
        """The primary key of a record, as the history holds it."""
        return key_of(self.key.type, getattr(record, self.key.key))

    def key_from(self, text: str) -> Key:
        """The primary key of a record, as the history holds it, from its text in the trash or in a lease."""
        return int(text) if self.has_plain_key else text

    def read_key(self, text: str) -> Any:
        """Return the value of the key column that a text from outside stands for; None if it is no key."""
        return read_key(self.key.type, text)

    def version_of(self, record: Any) -> int | None:
        """Return the version of a record; None where its table has no such column."""
        mapper = inspect(self.model)
        if mapper.version_id_col is None:
            return None
        version: int = getattr(record, mapper.get_property_by_column(mapper.version_id_col).key)
        return version

    def values(self, record: Any) -> dict[str, Any]:
        """Return the values of a record in its recorded fields, of a collection the keys in it."""
        values = {name: getattr(record, name) for name in self.fields}
        return {**values, **{name: keys_of(values[name]) for name in self.links}}

    def permission(self, access: Access) -> Permission:
        """The permission that guards these records, such as ``products:write``."""
        return Permission(f"{self.endpoint}:{access}")

    def allows(self, access: Access) -> bool:
        """Whether the current user may do this with records of this kind."""
        return may(self.permission(access))

    def words(self, key: Key, name: str | None) -> str:
        """A record in a sentence, such as ``product “Oak Lamp”``; by its number where it has no name."""
        if not name:
            return f"{self.singular} no. {key}"
        return f"{self.singular} “{name}”" if self.quoted else f"{self.singular} {name}"


def kind_of(model: type[Any]) -> str:
    """The name of a model in the history."""
    return str(inspect(model).local_table.fullname)


class Registry:
    """The kinds of records of one application, in the order in which they were added."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._of: dict[type[Any], Record | None] = {}

    def add(self, record: Record) -> None:
        """Add a kind of record and make its permissions.

        Raises ValueError where it is there already, and TypeError where the trash cannot hold its records.
        """
        if record.kind in self._records:
            raise ValueError(f"There is a screen for {record.kind} already.")
        if record.trash is not None:
            record.trash.check()
        keep_old_values(record.columns)
        for access, role in {**USUAL_ROLES, **record.roles}.items():
            grants().add(record.permission(access), role)
        self._records[record.kind] = record
        self._of.clear()

    def remove(self, kind: str) -> None:
        """Take a kind of record out again, with its permissions; raises KeyError where there is none."""
        record = self._records.pop(kind)
        for access in Access:
            grants().remove(record.permission(access))
        self._of.clear()

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def __getitem__(self, kind: str) -> Record:
        return self._records[kind]

    def get(self, kind: str) -> Record | None:
        """The kind of record called `kind`; None where there is none, or no more."""
        return self._records.get(kind)

    def find(self, model: type[Any]) -> Record | None:
        """Return the kind of a model or of one that it inherits from; None where there is no such kind."""
        if model not in self._of:
            of = {record.model: record for record in self}
            self._of[model] = next((of[each] for each in model.__mro__ if each in of), None)
        return self._of[model]

    def of(self, model: type[Any]) -> Record:
        """Return the kind of record of a model; raises LookupError where it has no kind."""
        found = self.find(model)
        if found is None:
            raise LookupError(f"{model.__name__} is no kind of record of this console.")
        return found


def init_registry(app: Flask) -> None:
    """Give `app` a registry without any kind of record."""
    app.extensions[REGISTRY] = Registry()


def registry() -> Registry:
    """The registry of the current application."""
    found: Registry = current_app.extensions[REGISTRY]
    return found
