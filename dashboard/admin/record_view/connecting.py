"""Connects the screens of a console: each learns which foreign keys of others refer to its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.admin.kit.referrers import Referrer
from dashboard.admin.kit.relations import Relations
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view.deletion import DeleteHeld
from dashboard.admin.record_view.listing import parameter_of
from dashboard.admin.record_view.targets import Target
from dashboard.admin.record_view.view import RecordView
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
        for kind, referrer in _referrers(screen, kinds):
            found[kind].append(referrer)
    for screen in screens:
        if relations := screen.feature(Relations):
            relations.referrers, relations.target = found[screen.kind], Target(screen.model)


def _referrers(screen: RecordView, kinds: Registry) -> Iterator[tuple[str, Referrer]]:
    """The foreign keys of a screen, each after the kind that it refers to; only those its list filters by."""
    parameters = {facet.name for facet in screen.listing.facets}
    for name in screen.declared.linked:
        target: type[Any] = screen.columns.references[name].mapper.class_
        record, parameter = kinds.find(target), parameter_of(name)
        if record is not None and parameter in parameters:
            label = screen.declared.labels.get(name) or screen.columns.label(name)
            yield record.kind, Referrer(screen.record, screen.columns.all[name], label, parameter)
