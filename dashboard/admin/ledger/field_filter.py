"""The filter of the history by changed field: who changed a price, say.

Which fields a change set has changed is noted in a table of its own. Where a user sees only some records of a
kind, or where changes may have been erased, the changes themselves are asked as well: a hidden or an erased
change is not found by its fields.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from werkzeug.datastructures import MultiDict

from dashboard.admin.ledger.visibility import sees_all_of, visible_changes, visible_kinds
from dashboard.extensions import db
from dashboard.history.changed_fields import has_changed, sets_with
from dashboard.history.models import Change, ChangedField, ChangeSet
from dashboard.listing.filters import Choices, FacetView, FilterValue, Option
from dashboard.registry import Record, registry

MOST_OFFERED = 60
MOST_LOOKED_UP = 50_000
FIELD = "field"
"""The name of the filter."""
TYPE = "of"
"""The filter by the kind of the records, whose fields alone are offered where it is on."""
NOTED = (ChangedField.change_set_id, ChangedField.record_kind, ChangedField.field)
MORE = "Choose a type to see more fields."


@dataclass(frozen=True)
class ChangedFields(Choices):
    """The filter by changed field, ``products:price`` in the address."""

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Read fields of all kinds that the current user may see, also those that are not offered."""
        every = field_options(visible_kinds())
        kinds = [kind for kind in visible_kinds() if kind in args.getlist(TYPE)]
        offered = [option for option in every if not kinds or option.value[0] in kinds][:MOST_OFFERED]
        if not any(text.strip() for text in args.getlist(self.name)):
            return FilterValue(options=offered)
        found = Choices.read(replace(self, options=lambda: every), args)
        shown = {option.text for option in offered}
        chosen = {text for _, text in found.pairs}
        others = [option for option in every if option.text in chosen - shown]
        return replace(found, options=[*offered, *others])

    def view(self, filter_value: FilterValue, counts: Any = None) -> FacetView:
        """Show the fields, and how to see others."""
        shown = super().view(filter_value, counts)
        return shown._replace(hint=MORE) if len(shown.options) >= MOST_OFFERED else shown

    def condition(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Change sets that changed such a field: looked up where they are few, else tested one by one."""
        fields = defaultdict[str, list[str]](list)
        for kind, field in values:
            fields[kind].append(field)
        return or_(*(_changed(registry()[kind], names) for kind, names in fields.items()))


def field_options(kinds: Sequence[str]) -> list[Option]:
    """The fields of these kinds, by their labels; those of one label say whose they are."""
    its = [registry()[kind] for kind in kinds]
    labels = Counter(label for record in its for label in record.fields.values())
    return [
        Option(f"{record.kind}:{name}", _words(label, record, labels[label]), (record.kind, name))
        for record in its
        for name, label in record.fields.items()
    ]


def labels_of(keys: Sequence[int]) -> dict[int, list[str]]:
    """The labels of the fields that change sets have changed, of kinds whose records the user sees all."""
    if not keys:
        return {}
    rows = db.session.execute(select(*NOTED).where(ChangedField.change_set_id.in_(keys)))
    noted = {tuple(row) for row in rows}
    told = [registry()[kind] for kind in visible_kinds() if _is_told(registry()[kind])]
    found: dict[int, list[str]] = {}
    for key in keys:
        its = (
            label
            for record in told
            for name, label in record.fields.items()
            if (key, record.kind, name) in noted
        )
        found[key] = [*dict.fromkeys(its)]
    return found


def _words(label: str, record: Record, others: int) -> str:
    return f"{label} ({record.name.lower()})" if others > 1 else label


def _is_told(record: Record) -> bool:
    """Whether all that is noted about changes of a kind may be told: nothing of it is hidden or erased."""
    return sees_all_of(record) and not record.personal


def _changed(record: Record, names: Sequence[str]) -> ColumnElement[bool]:
    """The condition for change sets that changed one of these fields of records that the user sees."""
    noted = sets_with(record.kind, names)
    if not _is_told(record):
        return and_(ChangeSet.id.in_(noted), _says(record, names))
    number = db.session.scalar(select(func.count()).select_from(noted.limit(MOST_LOOKED_UP + 1).subquery()))
    if (number or 0) > MOST_LOOKED_UP:
        return noted.where(ChangedField.change_set_id == ChangeSet.id).correlate(ChangeSet).exists()
    return ChangeSet.id.in_(noted)


def _says(record: Record, names: Sequence[str]) -> ColumnElement[bool]:
    """Whether a visible change of a set still says that it changed one of these fields."""
    said = or_(*(has_changed(record.kind, name) for name in names))
    its = select(Change.id).where(Change.change_set_id == ChangeSet.id, said, visible_changes([record.kind]))
    return its.correlate(ChangeSet).exists()
