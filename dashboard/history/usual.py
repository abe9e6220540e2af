"""The fields that the history keeps of a model without a declaration."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, inspect

from dashboard.database.composite_keys import is_composite
from dashboard.database.references import references_of
from dashboard.database.secret_columns import is_secret
from dashboard.history.values import can_record
from dashboard.registry import Recorded
from dashboard.search.following import RULE
from dashboard.words import singular

WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")
INITIALS = frozenset({"api", "id", "ip", "otp", "pin", "url", "uuid", "vat"})
REFERENCE = " id"


def usual_recorded(
    model: type[Any],
    *,
    not_secret: Collection[str] = (),
    personal: bool = False,
    labels: Mapping[str, str] | None = None,
) -> Recorded:
    """Return the fields of a model that the history keeps unless something else is declared.

    These are all plain columns but the key, the version, computed and binary ones and those whose name looks
    like a secret; the fields in `not_secret` only look so. Labels that are not in `labels` are made of the
    names, those of references of the names of their relationships.
    """
    names = [name for name, column in _plain(model) if name in not_secret or not is_secret(column, name)]
    references = references_of(inspect(model))
    usual = {name: label_of_reference(name, references.get(name)) for name in names}
    known = {name: label for name, label in (labels or {}).items() if name in usual}
    return Recorded({**usual, **known}, personal, frozenset(not_secret))


def label_of(name: str) -> str:
    """The label of a field: ``unit_price`` is ``Unit price``, and ``supplier_id`` is ``Supplier``."""
    words = [word if word.isupper() else word.lower() for word in WORD.findall(name)] or [name]
    if len(words) > 1 and words[-1].lower() == "id":
        words.pop()
    first, *others = (word.upper() if word in INITIALS else word for word in words)
    return " ".join([first[:1].upper() + first[1:], *others])


def label_of_reference(name: str, relationship: Any) -> str:
    """The label of a column by its relationship to another record; without one that of its own name.

    That of ``customer`` with ``customer_row`` is its own too. A relationship that is called like the table of
    all records, as automap calls it, has the singular.
    """
    if relationship is None or relationship.key.startswith(name):
        return label_of(name)
    label = label_of(relationship.key)
    is_table = relationship.key == relationship.mapper.local_table.name
    return singular(label) if is_table else label


def _plain(model: type[Any]) -> Iterator[tuple[str, Column[Any]]]:
    mapper = inspect(model)
    # The parts of a key of several columns say what a record is about: the product of an order line.
    left_out = {*(() if is_composite(model) else mapper.primary_key), mapper.version_id_col}
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if isinstance(column, Column) and left_out.isdisjoint(attribute.columns) and _is_kept(column):
            yield attribute.key, column


def _is_kept(column: Column[Any]) -> bool:
    return column.computed is None and RULE not in column.info and can_record(column)
