"""The records that refer to others and so keep these from being deleted, and what can happen to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature
from sqlalchemy import Select, select

from dashboard.admin.record_view import writing
from dashboard.admin.record_view.relations.targets import BLANK
from dashboard.database.composite_keys import identity_of
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.text.shortening import quoted
from dashboard.trash.dependents import Dependent
from dashboard.web.signing import serializer
from dashboard.words import counted, listed

MOST_RELEASED = 500
"""Records of a field that are moved or cleared with a deletion; more are left to a bulk edit."""
SALT = "records that refer to one"


@dataclass(frozen=True)
class Holder:
    """A field ``name`` of the records of a `RecordView` that refers to another kind.

    ``place`` makes the names of its inputs in a form.
    """

    screen: Any
    name: str
    place: int

    @property
    def is_nullable(self) -> bool:
        """Whether the field can be cleared."""
        return bool(self.screen.columns.column(self.name).nullable)

    @property
    def label(self) -> str:
        """The label of the field."""
        return str(self.screen.flow.label_of(self.name))

    @property
    def is_open(self) -> bool:
        """Whether the current user may see the records and change the field."""
        is_seen = self.screen.record.allows(Access.READ)
        return is_seen and self.screen.allows("edit_view") and self.name in self.screen.flow.names

    def input(self, part: str) -> str:
        """The name of one of its inputs."""
        return f"{part}-{self.place}"

    def referring(self, records: Sequence[Any]) -> Select[Any]:
        """The keys of the records that refer to one of `records` by this field."""
        key, gone = self.screen.columns.key, identities(records)
        its = select(key).where(among(self.screen.columns.all[self.name], gone))
        is_own = any(isinstance(each, self.screen.model) for each in records)
        return its.where(~among(key, gone)) if is_own else its

    def holding(self, records: Sequence[Any]) -> Held | None:
        """The records that refer to one of `records` by this field; None where there is none."""
        keys = db.session.scalars(self.referring(records).limit(MOST_RELEASED + 1)).all()
        return Held(self, identities(records), keys, self._changeable(keys)) if keys else None

    def _changeable(self, keys: Sequence[Any]) -> Sequence[Any]:
        """The records with these keys, if the current user may see and change each of them."""
        seen = self.screen.get_many(keys) if self.is_open and len(keys) <= MOST_RELEASED else []
        return seen if len(seen) == len(keys) and all(map(self.screen.may_change, seen)) else ()

    def takes_blank(self, record: Any) -> bool:
        """Whether the form of one of its records takes no value in the field."""
        flow = self.screen.flow
        form = writing.filled(flow.form, {**flow.texts(record), self.name: BLANK}, record)
        form.validate()
        return self.is_nullable and not form[self.name].errors


def identities(records: Sequence[Any]) -> list[Any]:
    """The values of the keys of stored records."""
    return [identity_of(each) for each in records]


@dataclass(frozen=True)
class Held:
    """The ``keys`` of the records that refer to those with the keys ``gone``, which are to be deleted.

    ``records`` are these, where all of them can be released.
    """

    holder: Holder
    gone: Sequence[Any]
    keys: Sequence[Any]
    records: Sequence[Any]

    @property
    def can_be_released(self) -> bool:
        """Whether all of them can refer to another record instead."""
        return bool(self.records)

    @property
    def can_be_cleared(self) -> bool:
        """Whether they can refer to no record instead."""
        return self.can_be_released and self.holder.takes_blank(self.records[0])

    @property
    def words(self) -> str:
        """How many they are, such as ``2 suppliers``."""
        noun = self.holder.screen.singular
        if len(self.keys) > MOST_RELEASED:
            return f"more than {counted(MOST_RELEASED, noun)}"
        return counted(len(self.keys), noun)

    @property
    def digest(self) -> str:
        """The digest of which they are, and of what they refer to."""
        gone, keys = sorted(map(str, self.gone)), sorted(map(str, self.keys))
        named = [self.holder.screen.kind, self.holder.name, gone, keys]
        return sha256(json.dumps(named).encode()).hexdigest()

    @property
    def signed(self) -> str:
        """Their number and digest for a question to carry."""
        return str(serializer(SALT).dumps([len(self.keys), self.digest]))

    def change_since(self, signed: str) -> str | None:
        """The change since a question that carries `signed`, in words; None where there is none."""
        try:
            number, digest = serializer(SALT).loads(signed)
        except BadSignature:
            number = digest = None
        if digest == self.digest:
            return None
        it, are = "it" if len(self.gone) == 1 else "them", "is" if len(self.keys) == 1 else "are"
        is_other = number == len(self.keys)
        told = (
            f"Other records refer to {it} now: {self.words}."
            if is_other
            else f"There {are} {self.words} now."
        )
        return f"{told} Nothing was changed. Check and try again."

    def release(self, value: Any) -> int:
        """Let all of them refer to `value` instead, as their form would; returns their number.

        Those that another user has moved since they were read stay where they are. Raises Refusal, which
        names the record, where its form or its hooks refuse that.
        """
        screen = self.holder.screen
        key = screen.columns.key
        db.session.execute(for_writing(select(key).where(key.in_(self.keys)), key)).all()
        found = screen.get_many(self.keys)
        records = [record for record in found if getattr(record, self.holder.name) in self.gone]
        for record in records:
            self._release(record, value)
        return len(records)

    def _release(self, record: Any, value: Any) -> None:
        flow, name = self.holder.screen.flow, self.holder.name
        try:
            flow.set_cells(record, {name: flow.written(name, value)})
        except Refusal as refusal:
            words = quoted(self.holder.screen.listing.name_of(record))
            raise Refusal(f"{words}: {refusal}") from refusal


def refer(held: Sequence[Held]) -> str:
    """Say what refers, such as ``2 suppliers and 1 branch refer``; with the fields where two of a kind do."""
    kinds = [each.holder.screen.kind for each in held]
    named = [
        f"{each.words} ({each.holder.label})" if kinds.count(each.holder.screen.kind) > 1 else each.words
        for each in held
    ]
    words = listed(named)
    return f"{words[:1].upper()}{words[1:]} {'refers' if _is_one(held) else 'refer'}"


def choose(held: Sequence[Held]) -> str:
    """Ask what happens to the records that refer."""
    return f"Choose what happens to {'it' if _is_one(held) else 'them'}."


def _is_one(held: Sequence[Held]) -> bool:
    return sum(len(each.keys) for each in held) == 1


def holder_of(dependent: Dependent, place: int, screens: Mapping[str, Any]) -> Holder | None:
    """The field by which rows hold a record; None for rows without a form.

    `screens` has the screen of each kind.
    """
    screen = screens.get(dependent.table.fullname)
    if screen is None:
        return None
    columns = screen.columns
    names = [name for name in columns.references if columns.column(name) is dependent.column]
    return Holder(screen, names[0], place) if names else None
