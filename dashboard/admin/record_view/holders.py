"""The records that refer to one and so keep it from being deleted, and what can happen to them instead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature
from sqlalchemy import Select, select
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.reference import BLANK, ReferenceField
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.text.shortening import quoted
from dashboard.trash.dependents import Dependent
from dashboard.web.forms import AtMost, mark_made
from dashboard.web.signing import serializer
from dashboard.words import counted, listed

MOST_RELEASED = 500
"""Records that are moved or cleared with the deletion of one; more are left to a bulk edit."""
SALT = "records that refer to one"
SIGNED_LENGTH = 300
CLEAR, MOVE = "clear", "move"


class MoveField(ReferenceField):
    """Asks for the record that others refer to instead."""

    @property
    def blank_words(self) -> str:
        """The option that chooses no record: it asks for one."""
        return f"Choose another {self.target.noun}"


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

    def inputs(self, model: type[Any]) -> Mapping[str, Any]:
        """The inputs of a form that ask what happens to its records; `model` is what they refer to."""
        shown = HiddenField(validators=[AtMost(SIGNED_LENGTH)])
        ways = [("", "Choose"), (CLEAR, "Clear the field"), (MOVE, "Move to another record")]
        how = SelectField(choices=[SelectChoice(*way) for way in ways])
        # After it: fields stand in the order in which they are made.
        to = MoveField("Move to", target=model, nullable=True, can_create=False)
        found = {self.input("held"): shown, self.input("how"): how, self.input("to"): to}
        return {name: each for name, each in found.items() if self.is_nullable or each is not how}

    def input(self, part: str) -> str:
        """The name of one of its inputs."""
        return f"{part}-{self.place}"

    def holding(self, record: Any) -> Held | None:
        """The records that refer to `record` by this field; None where there is none."""
        own, key = self.screen.columns.all[self.name], _key_of(record)
        its = select(self.screen.columns.key).where(own == key)
        if isinstance(record, self.screen.model):
            its = its.where(self.screen.columns.key != key)
        keys = _first(its)
        return Held(self, key, keys, self._changeable(keys)) if keys else None

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


def _key_of(record: Any) -> Any:
    return db.inspect(record).identity[0]


def _first(keys: Select[Any]) -> list[Any]:
    return list(db.session.scalars(keys.limit(MOST_RELEASED + 1)))


@dataclass(frozen=True)
class Held:
    """The ``keys`` of the records that refer to the one with ``key``.

    ``records`` are these, where all of them can be released.
    """

    holder: Holder
    key: Any
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
        named = [self.holder.screen.kind, self.holder.name, str(self.key), *sorted(map(str, self.keys))]
        return sha256(json.dumps(named).encode()).hexdigest()

    @property
    def signed(self) -> str:
        """Their number and digest for a question to carry."""
        return str(serializer(SALT).dumps([len(self.keys), self.digest]))

    def change_since(self, signed: str) -> str | None:
        """What has changed since a question that carries `signed`, in words; None where nothing has."""
        try:
            number, digest = serializer(SALT).loads(signed)
        except BadSignature:
            number = digest = None
        if digest == self.digest:
            return None
        is_other = number == len(self.keys)
        told = f"Other records refer to it now: {self.words}." if is_other else f"There are {self.words} now."
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
        records = [record for record in found if getattr(record, self.holder.name) == self.key]
        for record in records:
            self._release(record, value)
        return len(records)

    def _release(self, record: Any, value: Any) -> None:
        flow, name = self.holder.screen.flow, self.holder.name
        try:
            flow.set_cell(record, name, flow.written(name, value))
        except Refusal as refusal:
            words = quoted(self.holder.screen.listing.name_of(record))
            raise Refusal(f"{words}: {refusal}") from refusal


class HolderForm(ConsoleForm):
    """Asks what happens to the records that refer to one which is about to be deleted."""

    holders: Sequence[Holder] = ()
    held: Sequence[Held] = ()
    key: Any = None
    noun: str = ""

    def ask_about(self, held: Sequence[Held], key: Any, noun: str) -> None:
        """Ask about these alone, which hold the record with this key."""
        self.held, self.key, self.noun = held, key, noun
        for holder in self.holders:
            found = next((each for each in held if each.holder is holder), None)
            for name in self._left_out(holder, found):
                del self[name]
            if found is not None:
                self._name_inputs(found)

    def _left_out(self, holder: Holder, held: Held | None) -> list[str]:
        """The inputs of a holder that are not asked."""
        names, how = [name for name in holder.inputs(object) if name in self], holder.input("how")
        return names if held is None else [name for name in names if name == how and not held.can_be_cleared]

    def _name_inputs(self, held: Held) -> None:
        holder, what = held.holder, f"{held.words} ({held.holder.label})"
        shown, to = self[holder.input("held")], self[holder.input("to")]
        if not self.is_submitted():
            shown.data = held.signed
        to.label.text = f"Move {what} to"
        if (how := holder.input("how")) in self:
            self[how].label.text = what[:1].upper() + what[1:]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that everything that holds the record can be released as was chosen."""
        super().validate(extra_validators)
        for each in self.held:
            self._check(each)
        return not self.errors

    def _check(self, held: Held) -> None:
        holder, to = held.holder, self[held.holder.input("to")]
        shown = self[holder.input("held")]
        if change := held.change_since(shown.data or ""):
            self.add_error(change)
            shown.data = held.signed
        how = self._how(holder)
        if not how:
            self.add_error(choose([held]), holder.input("how"))
        if how == MOVE and not to.errors and self._is_no_way_out(held, to.data):
            self.add_error(f"Choose another {self.noun}.", to.name)

    def _is_no_way_out(self, held: Held, key: Any) -> bool:
        is_same_kind = held.holder.screen.model is self[held.holder.input("to")].target.model
        return key is None or key == self.key or (is_same_kind and key in held.keys)

    def releases(self) -> Iterator[tuple[Held, Any]]:
        """The records that hold the deleted one, each with the value that they get instead."""
        for each in self.held:
            is_cleared = self._how(each.holder) == CLEAR
            yield each, None if is_cleared else self[each.holder.input("to")].data

    def _how(self, holder: Holder) -> str:
        """What happens to the records of a holder: they are moved where nothing else is offered."""
        name = holder.input("how")
        return str(self[name].data or "") if name in self else MOVE


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


def holder_form(model: type[Any], holders: Sequence[Holder]) -> type[HolderForm]:
    """The form about everything that can hold records of `model`."""
    inputs = {name: field for each in holders for name, field in each.inputs(model).items()}
    made = type("HeldForm", (HolderForm,), {**inputs, "holders": holders, "__module__": model.__module__})
    mark_made(made)
    return made
