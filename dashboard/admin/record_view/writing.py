"""Creating, changing and deleting records of a mapped class, with the hooks that Flask-Admin's users know.

A hook may raise ValidationError, ValueError or Refusal: nothing is written then, and the form says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app, flash, g
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, ValidationError

from dashboard.admin.kit.forms import RecordForm, with_fields
from dashboard.admin.record_view.columns import Columns
from dashboard.admin.record_view.relations.reference import ReferenceField
from dashboard.database.errors import Violation, columns_of, is_outage, missing_column, violation_of
from dashboard.database.transactions import CommitError, without_commit
from dashboard.extensions import db
from dashboard.history.usual import label_of
from dashboard.refusal import Refusal
from dashboard.text.characters import HALF

AFTERWARDS = "record_view_afterwards"
"""Where a request has what is to be called once its change is committed."""
HELD = "A record that this refers to no longer exists, or others still refer to this one."
HELD_BY_OTHERS = "It can't be deleted: other records still refer to it."
OWN_COMMIT = (
    "Nothing was saved, because the code for {} calls db.session.commit(): leave that to the console."
)
NOT_ALLOWED = "The database does not allow this change."
AFTER_FAILED = "The change was saved, but what should happen after it failed. Tell an administrator."


def texts_of(form: type[RecordForm], names: Sequence[str], record: Any) -> Mapping[str, str]:
    """The texts of the fields of a form for a record; `record` may be anything with these attributes."""
    fields = blank(form)
    return {name: fields[name].written(getattr(record, name)) for name in names if name in fields}


def blank(form: type[RecordForm]) -> RecordForm:
    """A form that nothing was sent to, for reading and writing texts; made once a request."""
    made: dict[type[RecordForm], RecordForm] = g.setdefault("blank_forms", {})
    if form not in made:
        made[form] = form(formdata=None, meta={"csrf": False})
    return made[form]


def filled(form: type[RecordForm], texts: Mapping[str, str], record: Any = None) -> RecordForm:
    """The form of a record, or of a new one, to which these texts of its fields were sent.

    With a record, a reference that stays as it is need not be one that the current user may see.
    """
    return form(formdata=MultiDict(texts), data=_values(form, texts, record), meta={"csrf": False})


def _values(form: type[RecordForm], names: Iterable[str], record: Any) -> dict[str, Any]:
    its = {} if record is None else {name: getattr(record, name) for name in with_fields(form, names)}
    fields = blank(form)
    # A reference takes the text of a key, which may be the empty one: a blank text refers to nothing.
    return {
        name: fields[name].written(value) if isinstance(fields[name], ReferenceField) else value
        for name, value in its.items()
    }


def write(form: RecordForm, names: Sequence[str], record: Any, *, is_created: bool) -> None:
    """Give a record the values of a valid form: only those whose text differs, and no default twice.

    Raises Refusal for a blank field whose column cannot be blank, though a new record has a default there.
    """
    for name in names:
        field = form[name]
        if is_created and not field.text and has_default(record, name):
            continue  # what is left blank gets the default, of the mapping or of the database
        if is_created or field.text != field.written(getattr(record, name)):
            _refuse_blank(field, inspect(type(record)).columns.get(name))
            field.populate_obj(record, name)


def refuse_blanks(form: RecordForm, names: Sequence[str], record: Any, model: type[Any]) -> None:
    """Raise Refusal as `write` does for a blank field whose column cannot be blank; writes nothing."""
    columns = inspect(model).columns
    for name in names:
        field, column = form[name], columns.get(name)
        is_kept = record is not None and field.text == field.written(getattr(record, name))
        gets_default = record is None and not field.text and column is not None and _has_default(column)
        if not is_kept and not gets_default:
            _refuse_blank(field, column)


def _refuse_blank(field: Any, column: Any) -> None:
    if column is None or column.nullable or getattr(field, "value", field.data) is not None:
        return
    label = str(field.label.text)
    is_choice = isinstance(field, SelectField)
    told = "Choose one of these." if is_choice else f"Enter the {label[:1].lower()}{label[1:]}."
    raise Refusal(told, field.name)


def has_default(record: Any, name: str) -> bool:
    """Whether a column that is left blank in a new record gets a default, of the mapping or the database."""
    column = inspect(type(record)).columns.get(name)
    return column is not None and _has_default(column)


def _has_default(column: Any) -> bool:
    return column.default is not None or column.server_default is not None


@contextmanager
def refusing(columns: Columns, held: str = HELD) -> Iterator[None]:
    """Turn what a hook or the database says against a change into a Refusal in plain words.

    `held` is what a broken reference means. Code of a class that commits by itself is refused, and the log
    says where: part of the change would be stored without the rest, and apart in the history.
    """
    try:
        with without_commit(db.session):
            yield
    except CommitError as error:
        told = OWN_COMMIT.format(columns.model.__name__)
        current_app.logger.error(told, exc_info=error)
        raise Refusal(told) from error
    except UnicodeError as error:
        raise Refusal(HALF) from error
    except (ValidationError, ValueError) as error:
        raise Refusal(str(error) or "This cannot be saved.") from error
    except IntegrityError as error:
        raise _refused(columns, error, held) from error
    except DBAPIError as error:
        raise not_allowed(error) from error


def not_allowed(error: DBAPIError) -> Exception:
    """The refusal of a change that the database refuses by no constraint; an outage stays what it is.

    A trigger may raise an error of any kind, and a view may not take rows. The log has the words of the
    database, which may hold SQL.
    """
    if is_outage(error):
        return error
    current_app.logger.error("The database refused a change.", exc_info=error)
    return Refusal(NOT_ALLOWED)


def _refused(columns: Columns, error: IntegrityError, held: str) -> Refusal:
    violation = violation_of(error)
    if violation is Violation.REFERENCE:
        return Refusal(held)
    names = {columns.column(name).name: name for name in columns.all}
    if (missing := missing_column(error)) is not None:
        label = (columns.label(names[missing]) if missing in names else label_of(missing)).lower()
        return Refusal(f"A value for “{label}” is missing, and this form has no field for it.")
    if violation is not Violation.DUPLICATE:
        return Refusal("The database does not allow these values together.")
    taken = [names[column] for column in columns_of(error) if column in names]
    if len(taken) != 1:
        return Refusal("Another record has these values already.")
    return Refusal(f"This {columns.label(taken[0]).lower()} is already in use.", taken[0])


def afterwards(hook: Any, *arguments: Any) -> None:
    """Call a hook once the change of this request is committed."""
    g.setdefault(AFTERWARDS, []).append((hook, arguments))


def call_hooks() -> None:
    """Call the hooks that wait for the commit; one that fails cannot take the change back."""
    for hook, arguments in g.pop(AFTERWARDS, []):
        try:
            hook(*arguments)
            db.session.commit()
        except Exception:
            db.session.rollback()
            current_app.logger.exception("%s failed after the change was saved", hook.__qualname__)
            flash(AFTER_FAILED, "warning")


class ConsoleSession:
    """The session as hooks of Flask-Admin see it: what they commit is committed with the change, once."""

    def __getattr__(self, name: str) -> Any:
        return getattr(db.session, name)

    def commit(self) -> None:
        """Write what there is; the console commits it together with the history."""
        db.session.flush()

    def rollback(self) -> None:
        """Refuse the whole change; raises Refusal."""
        raise Refusal("Nothing was saved.")
