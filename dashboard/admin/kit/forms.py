"""The bases of the forms of records: errors that are found late, and the state that was opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, PasswordField

from dashboard.admin.kit.versions import FORM, State, read_signed, sign
from dashboard.web.forms import TOKEN, BoundedForm, sent_fields

CONTROL = "dashboard-"
"""The beginning of the names of the console's own fields in the form of a record: no column is called so."""
STATE_FIELD = f"{CONTROL}version"
"""The field that carries, signed, the record and the state of it that was opened."""
STATE_FIELD_BEFORE = "version"
"""Its name on pages and in drafts from before an upgrade; a column may be called so."""
OWN = "field-"
"""Before the attribute of a field whose column is called like an attribute of all forms, such as data."""
SET_LATE = ("form_errors", "is_made", "meta")
"""Attributes of all forms that are set after their class is made."""
HOOKS = ("filter_", "validate_")
"""Beginnings of attributes that WTForms takes for methods about another field."""


class ConsoleForm(BoundedForm):
    """A form that can be refused after it was validated, and whose fields may be called anything."""

    together: ClassVar[Sequence[Collection[str]]] = ()
    """Fields with a meaning only together: they stand in one row, and a merge takes them from one side."""
    beside: ClassVar[Collection[str]] = ()
    """Fields that stand in a card beside the others where there is room, such as a status."""

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """The fields in their order, those that belong together in one row; without those ``beside``."""
        return self._rows([each for each in self if each.name not in self.beside])

    @property
    def rows_beside(self) -> Sequence[Sequence[Any]]:
        """The fields that stand beside the others."""
        return self._rows([each for each in self if each.name in self.beside])

    @property
    def begins_at(self) -> str:
        """The id of the first field that is typed into; empty where there is no such field."""
        fields = (each for row in self.rows for each in row)
        return next((each.id for each in fields if getattr(each.widget, "input_type", "") == "text"), "")

    def _rows(self, fields: Sequence[Any]) -> Sequence[Sequence[Any]]:
        found: list[list[Any]] = []
        for field in fields:
            group = next((each for each in self.together if field.name in each), ())
            if found and any(each.name in group for each in found[-1]):
                found[-1].append(field)
            else:
                found.append([field])
        return found

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(self._attribute(name))

    def __contains__(self, name: object) -> bool:
        return self._attribute(str(name)) in self._fields

    def _attribute(self, name: str) -> str:
        return own if (own := OWN + name) in self._fields else name

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **options: Any) -> None:
        """Fill the fields, from `data` by their names."""
        by_attribute = {self._attribute(name): value for name, value in (data or {}).items()}
        super().process(formdata, obj, by_attribute, **options)

    def add_error(self, message: str, field: str | None = None) -> None:
        """Show an error beside `field`, or above the form."""
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


class RecordForm(ConsoleForm):
    """The form of a record; ``opened_state`` carries, signed, the record and the state that were opened."""

    opened_state = HiddenField(name=STATE_FIELD)
    form_layout: ClassVar[Sequence[Any]] = ()
    """The parts of the form, fields by their ``name``, below each ``header``; without any all fields."""
    child_rows: ClassVar[Any] = None
    """The rows of other records that the form has fields for."""
    given: Mapping[str, Any] = {}
    """Values of the record that no field of the form holds by itself, such as its files."""

    def remember_state(self, record: Any, state: State) -> None:
        """Store the state of the record that is being edited in the form."""
        self.opened_state.data = sign(FORM, record, state.dump())

    def read_state(self, record: Any) -> State:
        """The state of `record` that was opened; answers 400 to a forged one."""
        return State.load(read_signed(FORM, record, sent_state()))


def sent_state() -> str:
    """The signed state sent with this request, or that of the draft which is shown; else blank."""
    sent = sent_fields()
    return sent.get(STATE_FIELD, sent.get(STATE_FIELD_BEFORE, ""))


def free_names(form: type[RecordForm], names: Iterable[str]) -> None:
    """Move those fields that hide attributes of all forms; the form still finds them by their names."""
    for name in filter(_is_taken, names):
        if field := declared_field(form, name):
            delattr(form, name)
            field.name = name
            setattr(form, OWN + name, field)


def _is_taken(name: str) -> bool:
    return hasattr(RecordForm, name) or name in SET_LATE or name.startswith(HOOKS)


def declared_field(form: type[ConsoleForm], name: str) -> Any:
    """The field called `name` as a class of forms declares it; None where it does not."""
    own = vars(form)
    found = own.get(OWN + name, own.get(name))
    return found if hasattr(found, "field_class") else None


def with_fields(form: type[ConsoleForm], names: Iterable[str]) -> Iterator[str]:
    """Those of `names` that a class of forms declares a field for."""
    return (name for name in names if declared_field(form, name))


def text_of(field: Any) -> str:
    """The text that stands for the value of a field, as its form sends it."""
    if hasattr(field, "text"):
        return plain(field.text)
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    text = field.data if isinstance(field.data, str) or not hasattr(field, "_value") else field._value()
    return plain(str(text if text is not None else ""))


def typed_or_written(field: Any) -> str:
    """The text of the value of a field; what was typed where that stands for no value, so it is not lost."""
    unread = field.raw_data if field.process_errors else None
    meant = getattr(field, "meant", str)  # a merge page sends it again
    return plain(meant(str(unread[0]))) if unread else str(field.written(field.data))


def plain(text: str | None) -> str:
    """A text with line breaks as they are stored; a form sends others."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def further_texts(form: RecordForm, merged: Collection[str]) -> list[tuple[str, str]]:
    """The texts of fields that no record holds, such as a reason, which a merge page sends again."""
    left_out = {*merged, TOKEN, STATE_FIELD}
    others = [each for each in form if each.name not in left_out and not isinstance(each, PasswordField)]
    return [(each.name, text_of(each)) for each in others]
