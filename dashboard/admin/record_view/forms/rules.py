"""Flask-Admin's rules for forms: which fields a form has, in which order, below which headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_admin.form import rules
from markupsafe import Markup


@dataclass(frozen=True)
class Part:
    """A part of a form: a field by its ``name``, else a ``header`` or a ``text``."""

    name: str = ""
    header: str = ""
    text: str = ""


def parts_of(view: Any, attribute: str) -> list[Part] | None:
    """The parts that an attribute of a view declares; None where it does not.

    Raises ValueError for a rule that is drawn by a macro of Flask-Admin's templates.
    """
    given = getattr(view, attribute)
    return None if given is None else [*_parts(f"{type(view).__name__}.{attribute}", given)]


def _parts(place: str, given: Sequence[Any]) -> Iterator[Part]:
    for rule in given:
        if isinstance(rule, rules.NestedRule):
            yield from _parts(place, rule.rules)
        else:
            yield _part(place, rule)


def _part(place: str, rule: Any) -> Part:
    if isinstance(rule, str):
        return Part(name=rule)
    if type(rule) is rules.Field:
        return Part(name=rule.field_name)
    if type(rule) is rules.Header:
        return Part(header=str(rule.default_args["text"]))
    if isinstance(rule, rules.Text):
        return Part(text=rule.text if rule.escape else Markup(rule.text))  # noqa: S704 - the view's own HTML
    raise ValueError(f"{place} has a {type(rule).__name__}. Use names, Header, FieldSet, Row and Text.")
