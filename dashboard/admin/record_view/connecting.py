"""Connects the screens of a console: each learns which foreign keys of others refer to its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dashboard.admin.kit.referrers import Referrer
from dashboard.admin.kit.relations import Relations
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view.columns import mapped_columns
from dashboard.admin.record_view.deletion.delete_held import DeleteHeld
from dashboard.admin.record_view.lists.filters import parameter_of
from dashboard.admin.record_view.relations.collection_list import Collection
from dashboard.admin.record_view.relations.targets import Target
from dashboard.admin.record_view.view import RecordView
from dashboard.database.indexes import has_index
from dashboard.registry import Registry


def connect(screens: Sequence[Screen], kinds: Registry) -> None:
    """Do what has to wait until every kind is added.

    Each screen gets the foreign keys that refer to its records, from the screens made of mapped classes.
    """
    found = defaultdict[str, list[Referrer]](list)
    own = [screen for screen in screens if isinstance(screen, RecordView)]
    for screen in own:
        screen.settle(screens)
    for screen in own:
        if delete := screen.feature(DeleteHeld):
            delete.learn({each.kind: each for each in own})
    for screen in screens:
        for kind, referrer in _referrers(screen, kinds):
            found[kind].append(referrer)
    for screen in screens:
        if relations := screen.feature(Relations):
            relations.referrers, relations.target = found[screen.kind], Target(screen.model)


def _referrers(screen: Screen, kinds: Registry) -> Iterator[tuple[str, Referrer]]:
    """The foreign keys of a screen, each after the kind that it refers to."""
    yield from _found(screen, kinds) if isinstance(screen, RecordView) else _declared(screen, kinds)


def _found(screen: RecordView, kinds: Registry) -> Iterator[tuple[str, Referrer]]:
    """The foreign keys of a screen, each after the kind that it refers to; only those its list filters by."""
    parameters = {facet.name for facet in screen.listing.facets}
    for name in screen.declared.linked:
        its = screen.columns.references.get(name, screen.columns.collections.get(name))
        record, parameter = kinds.find(its.mapper.class_), parameter_of(name)
        if record is not None and parameter in parameters:
            label = screen.declared.labels.get(name) or screen.columns.label(name)
            yield record.kind, Referrer(screen.record, *_referring(screen, name), label, parameter)


def _declared(screen: Screen, kinds: Registry) -> Iterator[tuple[str, Referrer]]:
    """The foreign keys that a screen of its own declares, each after the kind that it refers to."""
    columns = mapped_columns(screen.model)
    for parameter, name in screen.references.items():
        column = columns.all[name]
        if record := kinds.find(columns.references[name].mapper.class_):
            indexed, label = has_index(column.property.columns[0]), columns.label(name)
            yield record.kind, Referrer(screen.record, column.__eq__, indexed, label, parameter)


def _referring(screen: RecordView, name: str) -> tuple[Callable[[Any], Any], bool]:
    """The condition for records that refer to a key, and whether an index finds them."""
    if name in screen.columns.collections:
        collection = Collection(screen.columns, name)
        return (lambda key: collection.holding([key])), has_index(collection.theirs)
    column = screen.columns.all[name]
    return column.__eq__, has_index(column.property.columns[0])
