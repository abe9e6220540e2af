"""New rows of a form that is sent again, because its answer was lost or its button clicked twice.

They are not added a second time: the form carries the position of the history where it was opened, and a row
with the same texts that the same user added to the record since then is taken for the one that was typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_login import current_user
from sqlalchemy import select

from dashboard.admin.kit.forms import RecordForm, plain
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.child_rows.rows import Children, ChildRow
from dashboard.bounds import NEW_CHILD_ROWS
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeSet, Seal

SINCE = "+"
"""The text of a state with the position where its form was opened; no field is called so."""


def added_before(
    rows: Iterable[ChildRow], form: RecordForm, record: Any, opened: Mapping[str, str]
) -> Collection[ChildRow]:
    """Those of new `rows` that `form` added to `record` before, since its state `opened` was sent to it."""
    found, added = list[ChildRow](), dict[str, list[Any]]()
    for row in rows:
        children = row.children
        if children.name not in added:
            added[children.name] = _added(children, record, opened)
        its, typed = added[children.name], row.typed(form)
        same = next((place for place, each in enumerate(its) if _is_same(row, typed, each)), None)
        if same is not None:
            del its[same]  # two equal rows of one form were both added
            found.append(row)
    return found


def _added(children: Children, record: Any, opened: Mapping[str, str]) -> list[Any]:
    """The rows of a record that the current user added since a form was opened."""
    if SINCE not in opened:
        return []
    added = (
        select(Change)
        .join(ChangeSet, ChangeSet.id == Change.change_set_id)
        .join(Seal, Seal.change_set_id == ChangeSet.id)
        .where(Seal.id > int(opened[SINCE]), ChangeSet.author_id == current_user.id)
        .where(Change.record_kind == children.view.kind, Change.action == Action.CREATE)
        .order_by(Change.id.desc())
        .limit(NEW_CHILD_ROWS)
    )
    keys = [str(change.key) for change in db.session.scalars(added)]
    return [*children.with_keys(record, keys).values()] if keys else []


def _is_same(row: ChildRow, typed: Mapping[str, str], record: Any) -> bool:
    """Whether a record has the texts that were typed, and where one is blank that or a default."""
    stored = writing.texts_of(row.form, row.names, record)
    return all(text == plain(stored[name]) or _is_given(text, record, name) for name, text in typed.items())


def _is_given(text: str, record: Any, name: str) -> bool:
    return not text and writing.has_default(record, name)
