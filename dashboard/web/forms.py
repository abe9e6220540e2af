"""Base classes of forms: they bound texts before other checks, and show drafts, which are unsaved texts.

A draft fills any form of the page that a request opens. It never holds a password, a file or a CSRF token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import StopValidation

from dashboard.bounds import NUMBERS, PARAMETERS, TRIMMED, excess
from dashboard.number_form import DEFAULT, MARKED, NumberForm, in_form, number_form
from dashboard.text.numbers import for_page, from_page, is_unambiguous

Fields = MultiDict[str, str]
TOKEN = "csrf_token"  # noqa: S105 - the name of a field
AGAIN = "Type the password again."
YOURS_PREFIX = "yours-"
"""Before the names of fields of a merge page that hold what its user typed."""
MADE = "made_forms"
"""The key of `app.extensions` with the forms that were made for the application."""


@dataclass
class Draft:
    """Unsaved fields of a form, with the ``problem`` or the ``notice`` shown above it.

    A draft without fields only shows the notice. ``way`` is the label and address of the link beside it.
    """

    fields: Fields
    problem: str = ""
    notice: str = ""
    way: tuple[str, str] | None = None
    is_shown: bool = False


def provide_draft(draft: Draft) -> None:
    """Let the forms of the page of this request show `draft`."""
    g.draft = draft


def provided_draft() -> Draft | None:
    """Return the draft that the page of this request shows, or None."""
    found: Draft | None = g.get("draft") if request.method in ("GET", "HEAD") else None
    return found


def sent_fields() -> Fields:
    """Return the fields sent with this request, or those of the draft that its page shows."""
    draft = provided_draft()
    return draft.fields if draft else request.form


def sent_form(fields: Mapping[str, str]) -> NumberForm:
    """The form in which the page was made that sent these fields; without its mark the usual one."""
    return MARKED.get(fields.get(NUMBERS, ""), DEFAULT)


def without_secrets(fields: Fields) -> Fields:
    """Return the fields of a form that a draft may contain."""
    left_out = _names(PasswordField) | {TOKEN}
    return MultiDict((name, text) for name, text in fields.items(multi=True) if _bare(name) not in left_out)


def holds_typed(fields: Fields) -> bool:
    """Whether any of `fields` is filled in by users, not counting passwords, hidden fields and buttons."""
    filled_in = _names(Field) - _names(HiddenField) - _names(PasswordField)
    return not filled_in.isdisjoint(map(_bare, fields))


def typed_texts(fields: Fields) -> list[tuple[str, str]]:
    """Return the texts that users typed into `fields`, each after the label of its field."""
    labels, pairs = _labels(), fields.items(multi=True)
    found = [(labels[_bare(name)], text) for name, text in pairs if _bare(name) in labels and text]
    return [*dict.fromkeys(found)]


def _bare(name: str) -> str:
    """Return the name of a field without the prefix of a merge page, which sends several versions of it."""
    return name.removeprefix(YOURS_PREFIX)


def mark_made(form: type[FlaskForm]) -> None:
    """Note that `form` was made of a mapped class, for one application: others have no such form."""
    form.is_made = True


def add_made(forms: Iterable[type[FlaskForm]]) -> None:
    """Let what is typed into made forms be stored and shown again in the current application."""
    current_app.extensions.setdefault(MADE, []).extend(forms)


def _names(kind: type[Field]) -> frozenset[str]:
    """Return the names of the fields of this class, in all forms of this application."""
    return frozenset(name for name, field in _declared() if issubclass(field.field_class, kind))


def _labels() -> dict[str, str]:
    others = (BooleanField, SelectField, HiddenField, PasswordField)
    texts = _names(Field).difference(*map(_names, others))
    # The form of a single record comes before the form for many, whose labels say "New".
    return {name: _label(name, field) for name, field in reversed([*_declared()]) if name in texts}


def _label(name: str, field: Any) -> str:
    return str(next(iter(field.args), field.kwargs.get("label") or name.capitalize()))


def _declared() -> Iterator[tuple[str, Any]]:
    made = current_app.extensions.get(MADE, ())
    for form in (*_written(FlaskForm), *made):
        fields = [(name, field) for name, field in vars(form).items() if hasattr(field, "field_class")]
        yield from ((field.name or name, field) for name, field in fields)


def _written(form: type[FlaskForm]) -> Iterator[type[FlaskForm]]:
    """Return the forms that are written as classes."""
    for each in form.__subclasses__():
        if not vars(each).get("is_made"):
            yield each
        yield from _written(each)


class AtMost:
    """Refuse a longer text before any other validator of its field reads it.

    Unlike `wtforms.validators.Length` it sets no ``maxlength``: browsers silently cut pasted text at that.
    """

    def __init__(self, longest: int, written: int = TRIMMED) -> None:
        self.longest, self.written = longest, written

    def __call__(self, _form: Any, field: Field) -> None:
        """Raise StopValidation for a text that is too long."""
        if fault := excess(field.data or "", self.longest, self.written):
            raise StopValidation(fault)


class TypedNumber:
    """The part of a field that shows and takes numbers as the person writes them.

    Its texts have a point: what was typed means what it meant on the page that it was typed on. A sent
    text is shown again as it is, with the form that it was sent with.
    """

    number_form: NumberForm = DEFAULT
    raw_data: list[str] | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        super().process_formdata([*map(self.meant, valuelist)])  # type: ignore[misc]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return for_page(str(super()._value()), self.number_form)  # type: ignore[misc]

    @property
    def sent_text(self) -> str:
        """The text that was sent; the mark of the form that it was sent with gives it its meaning."""
        return self._value().replace("\r\n", "\n")

    def words_of(self, text: str) -> str:
        """A text of this field in words."""
        return for_page(text, number_form())

    def meant(self, text: str) -> str:
        """A text that was sent, so that it means the same on any page."""
        return from_page(text, self.number_form)


class NumberField(TypedNumber, StringField):  # type: ignore[misc]
    """The text of a number, with an `example` as the person writes it."""

    def __init__(self, *args: Any, example: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if example:
            self.description = f"For example, {in_form(example)}"


class TypedForm(FlaskForm):  # type: ignore[misc]
    """A form that shows the draft of the request for its page.

    The draft includes hidden fields such as the version, so that a conflict is still detected.
    """

    draft: Draft | None = None
    number_form: NumberForm = DEFAULT

    class Meta:
        """Decides which fields a form is filled with."""

        def wrap_formdata(self, form: TypedForm, formdata: Any) -> Any:
            """Return the draft if nothing was sent; a form that is given None takes no fields."""
            sent = super().wrap_formdata(form, formdata)  # type: ignore[misc]
            if sent is None and formdata is not None:
                form.draft = provided_draft()
            fields = (form.draft and form.draft.fields) or sent
            form.name_number_form(number_form() if fields is None else sent_form(fields))
            return fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.draft:
            self.draft.is_shown = True
            self.form_errors += self._problems(self.draft)

    def name_number_form(self, numbers: NumberForm) -> None:
        """Let the numbers in the fields be written in this form, as they are typed."""
        self.number_form = numbers
        for field in (each for each in self if isinstance(each, TypedNumber)):
            field.number_form = numbers

    def rewrite_numbers(self) -> None:
        """Write the numbers of a merge page, which have a point, as the person of this request does.

        While one can mean two, the page of this form leaves no meaning to the form of numbers.
        """
        fields = [each for each in self if isinstance(each, TypedNumber) and each.raw_data]
        texts = [each.meant(str(text)) for each in fields for text in each.raw_data or ()]
        form = number_form()
        is_clear = all(is_unambiguous(text) for text in texts)
        self.name_number_form(form if is_clear else replace(form, is_chosen=False))
        for each in fields:
            each.raw_data = [for_page(str(text), form) for text in each.raw_data or ()]

    @property
    def number_mark(self) -> str:
        """The mark of the form of numbers that the page of this form has to send along, if it has any."""
        has_numbers = any(isinstance(field, TypedNumber) for field in self)
        return self.number_form.mark if has_numbers else ""

    @property
    def is_restored(self) -> bool:
        """Whether the form shows unsaved text from before."""
        return bool(self.draft and self.draft.fields)

    def _problems(self, draft: Draft) -> Iterable[str]:
        asks_for_password = any(isinstance(field, PasswordField) for field in self)
        return [f"{draft.problem} {AGAIN}" if asks_for_password else draft.problem] if draft.problem else []


class BoundedForm(TypedForm):
    """A form in which every text has a maximum length, checked before its other validators.

    Raises TypeError for a text field without one. Choices don't need one: they are checked against options.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (each for each in self if isinstance(each, StringField)):
            is_bounded = isinstance(next(iter(field.validators), None), AtMost)
            if not (is_bounded or field.name in PARAMETERS):  # these are bounded before any form reads them
                raise TypeError(f"{type(self).__name__}.{field.name} has to begin with AtMost.")
