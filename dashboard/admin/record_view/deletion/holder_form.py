"""The form that asks what happens to the records that refer to some which are about to be deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.record_view.deletion.holders import Held, Holder, choose
from dashboard.admin.record_view.relations.reference import ReferenceField
from dashboard.web.forms import AtMost, mark_made

SIGNED_LENGTH = 300
CLEAR, MOVE = "clear", "move"


class MoveField(ReferenceField):
    """Asks for the record that others refer to instead."""

    @property
    def blank_words(self) -> str:
        """The option that chooses no record: it asks for one."""
        return f"Choose another {self.target.noun}"


def inputs_of(holder: Holder, model: type[Any]) -> Mapping[str, Any]:
    """The inputs that ask what happens to the records of a holder; `model` is what they refer to."""
    shown = HiddenField(validators=[AtMost(SIGNED_LENGTH)])
    ways = [("", "Choose"), (CLEAR, "Clear the field"), (MOVE, "Move to another record")]
    how = SelectField(choices=[SelectChoice(*way) for way in ways])
    to = MoveField("Move to", target=model, nullable=True, can_create=False)
    found = {holder.input("held"): shown, holder.input("how"): how, holder.input("to"): to}
    return {name: each for name, each in found.items() if holder.is_nullable or each is not how}


class HolderForm(ConsoleForm):
    """Asks what happens to the records that refer to some which are about to be deleted."""

    holders: Sequence[Holder] = ()
    held: Sequence[Held] = ()
    noun: str = ""

    def ask_about(self, held: Sequence[Held], noun: str, *, is_answer: bool) -> None:
        """Ask about these alone, which hold records called `noun`; an answer has what the question showed."""
        self.held, self.noun = held, noun
        for holder in self.holders:
            found = next((each for each in held if each.holder is holder), None)
            for name in self._left_out(holder, found):
                del self[name]
            if found is not None:
                self._name_inputs(found)
        for each in () if is_answer else held:
            self[each.holder.input("held")].data = each.signed

    def _left_out(self, holder: Holder, held: Held | None) -> list[str]:
        """The inputs of a holder that are not asked."""
        names, how = [name for name in inputs_of(holder, object) if name in self], holder.input("how")
        return names if held is None else [name for name in names if name == how and not held.can_be_cleared]

    def _name_inputs(self, held: Held) -> None:
        holder, what = held.holder, f"{held.words} ({held.holder.label})"
        self[holder.input("to")].label.text = f"Move {what} to"
        self[holder.input("to")].left_out = self._no_ways_out(held)
        if (how := holder.input("how")) in self:
            self[how].label.text = what[:1].upper() + what[1:]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that everything that holds the records can be released as was chosen."""
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
        return key is None or key in self._no_ways_out(held)

    def _no_ways_out(self, held: Held) -> Sequence[Any]:
        """The keys of what is deleted, and of what would refer to itself."""
        is_same_kind = held.holder.screen.model is self[held.holder.input("to")].target.model
        return [*held.gone, *(held.keys if is_same_kind else ())]

    def releases(self) -> Iterator[tuple[Held, Any]]:
        """The records that hold the deleted ones, each with the value that they get instead."""
        for each in self.held:
            is_cleared = self._how(each.holder) == CLEAR
            yield each, None if is_cleared else self[each.holder.input("to")].data

    def _how(self, holder: Holder) -> str:
        """The way chosen for the records of a holder: they are moved where nothing else is offered."""
        name = holder.input("how")
        return str(self[name].data or "") if name in self else MOVE


def holder_form(model: type[Any], holders: Sequence[Holder]) -> type[HolderForm]:
    """The form about everything that can hold records of `model`."""
    inputs = {name: field for each in holders for name, field in inputs_of(each, model).items()}
    made = type("HeldForm", (HolderForm,), {**inputs, "holders": holders, "__module__": model.__module__})
    mark_made(made)
    return made
