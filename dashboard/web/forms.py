"""What all forms share: bounds of texts, checked first, and drafts: what was typed and is not saved.

A draft fills any form of the page that a request opens. It never holds a password, a file or a CSRF token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.validators import StopValidation

from dashboard.bounds import PARAMETERS, TRIMMED, excess

Fields = MultiDict[str, str]
TOKEN = "csrf_token"  # noqa: S105 - the name of a field
AGAIN = "Type the password again."


@dataclass
class Draft:
    """What was typed into a form and is not saved, with the ``problem`` or the ``notice`` shown above it.

    One without fields only shows the notice. ``way`` is the label and the address of the link beside it.
    """

    fields: Fields
    problem: str = ""
    notice: str = ""
    way: tuple[str, str] | None = None
    is_shown: bool = False


def bring_draft(draft: Draft) -> None:
    """Let the forms of the page that this request opens show `draft`."""
    g.draft = draft


def brought_draft() -> Draft | None:
    """The draft that the page of this request shows, or None."""
    found: Draft | None = g.get("draft") if request.method in ("GET", "HEAD") else None
    return found


def sent_fields() -> Fields:
    """The fields that the form of this request was sent with, or those of the draft that its page shows."""
    draft = brought_draft()
    return draft.fields if draft else request.form


def without_secrets(fields: Fields) -> Fields:
    """The fields of a form that a draft may hold."""
    left_out = _names(PasswordField) | {TOKEN}
    return MultiDict((name, text) for name, text in fields.items(multi=True) if _bare(name) not in left_out)


def holds_typed(fields: Fields) -> bool:
    """Whether people fill in any of `fields`; others are passwords and what buttons send along."""
    filled_in = _names(Field) - _names(HiddenField) - _names(PasswordField)
    return not filled_in.isdisjoint(map(_bare, fields))


def typed_texts(fields: Fields) -> list[tuple[str, str]]:
    """The texts among `fields` that people typed, each after the label of its field."""
    labels, pairs = _labels(), fields.items(multi=True)
    found = [(labels[_bare(name)], text) for name, text in pairs if _bare(name) in labels and text]
    return [*dict.fromkeys(found)]


def _bare(name: str) -> str:
    """The name of a field without the prefix of a merge page, which sends several versions of it."""
    return name.rpartition("-")[2]


@cache
def _names(kind: type[Field]) -> frozenset[str]:
    """The names under which any form has a field of some kind."""
    return frozenset(name for name, field in _declared(FlaskForm) if issubclass(field.field_class, kind))


@cache
def _labels() -> dict[str, str]:
    texts = _names(StringField) - _names(HiddenField) - _names(PasswordField)
    fields = {name: field for name, field in _declared(FlaskForm) if name in texts}
    return {name: str(next(iter(field.args), name.capitalize())) for name, field in fields.items()}


def _declared(form: type[FlaskForm]) -> Iterator[tuple[str, Any]]:
    for each in form.__subclasses__():
        yield from ((name, field) for name, field in vars(each).items() if hasattr(field, "field_class"))
        yield from _declared(each)


class AtMost:
    """Refuse a longer text before any other validator of its field sees it.

    Unlike `wtforms.validators.Length` it sets no ``maxlength``: browsers cut what is pasted without a word.
    """

    def __init__(self, longest: int, written: int = TRIMMED) -> None:
        self.longest, self.written = longest, written

    def __call__(self, _form: Any, field: Field) -> None:
        """Raise StopValidation for a text that is too long."""
        if fault := excess(field.data or "", self.longest, self.written):
            raise StopValidation(fault)


class TypedForm(FlaskForm):  # type: ignore[misc]
    """A form that shows the draft that the request for its page brings.

    Hidden fields such as a version come back too, so that saving over a newer record is still noticed.
    """

    draft: Draft | None = None

    class Meta:
        """Where a form takes its fields from."""

        def wrap_formdata(self, form: TypedForm, formdata: Any) -> Any:
            """Take the draft where nothing was sent; a form that is given None takes nothing."""
            sent = super().wrap_formdata(form, formdata)  # type: ignore[misc]
            if sent is None and formdata is not None:
                form.draft = brought_draft()
            return (form.draft and form.draft.fields) or sent

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.draft:
            self.draft.is_shown = True
            self.form_errors += self._told(self.draft)

    @property
    def is_restored(self) -> bool:
        """Whether it holds what was typed before and is not saved."""
        return bool(self.draft and self.draft.fields)

    def _told(self, draft: Draft) -> Iterable[str]:
        asks_for_password = any(isinstance(field, PasswordField) for field in self)
        return [f"{draft.problem} {AGAIN}" if asks_for_password else draft.problem] if draft.problem else []


class BoundedForm(TypedForm):
    """A form each of whose texts has a bound, which is looked at first.

    Raises TypeError for a declaration without one. Choices need none: they have to be one of their options.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (each for each in self if isinstance(each, StringField)):
            is_bounded = isinstance(next(iter(field.validators), None), AtMost)
            if not (is_bounded or field.name in PARAMETERS):  # which are bounded before any form reads them
                raise TypeError(f"{type(self).__name__}.{field.name} has to begin with AtMost.")
