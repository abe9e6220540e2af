"""Relationships that no form edits, such as to the records that refer to one: in lists, files and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from dashboard.admin.record_view.columns import Columns
from dashboard.admin.record_view.relations.collection_list import Collection, Rows
from dashboard.admin.record_view.relations.targets import Target
from dashboard.extensions import db


@dataclass(frozen=True)
class Related(Collection):
    """The records that any relationship leads to, as far as the user may see them."""

    @property
    def target(self) -> Target:
        """The records that it can lead to."""
        return Target(self.columns.related[self.name].mapper.class_)

    def read(self, keys: Sequence[Any], most: int | None = None) -> Rows:
        """Those of the records with these keys, the first `most` of each by their names, in one statement."""
        target, found = self.target, defaultdict[Any, list[tuple[Any, Any, int]]](list)
        owner = aliased(self.columns.model)
        ours = getattr(owner, self.columns.key.key)
        pairs = target.visible().join_from(owner, getattr(owner, self.name)).where(ours.in_(keys))
        each = pairs.add_columns(ours).distinct().subquery()  # a join may lead to one record twice
        key, name, its = each.c
        place = func.row_number().over(partition_by=its, order_by=(name, key))
        number = func.count().over(partition_by=its)
        rows = select(each, place.label("place"), number.label("number")).subquery()
        first = select(rows) if most is None else select(rows).where(rows.c.place <= most)
        for other, words, owned_by, _place, total in db.session.execute(first.order_by(rows.c.place)):
            found[owned_by].append((other, words, total))
        return found

    def texts(self, names: Mapping[Any, Any]) -> Mapping[Any, str]:
        """The names of records in files, by their keys: no import fills such a field."""
        return {key: self.target.words(key, name) for key, name in names.items()}


def collection_of(columns: Columns, name: str) -> Collection:
    """How the records that a relationship of this name leads to are read."""
    return (Collection if name in columns.collections else Related)(columns, name)


def all_relations(columns: Columns) -> list[str]:
    """The relationships that are no columns of their own, in the order of the mapping."""
    shown = {*columns.collections, *columns.related}
    return [each.key for each in columns.mapper.relationships if each.key in shown]
