"""The screens of child rows without a screen of their own, within the limits of that of their record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from dashboard.admin.record_view.child_rows.declared import InlineModel
from dashboard.admin.record_view.columns import nouns_of, title_of_all


def screen_of_rows(inline: InlineModel, base: type[Any]) -> Any:
    """A screen for rows whose class has none: it is not in the navigation."""
    attributes = {
        "roles": inline.view.roles,
        "is_of_rows": True,
        **dict(_limits(inline, base)),
        **inline.attributes,
    }
    made = type(f"{inline.model.__name__}Rows", (base,), attributes)
    return made(inline.model, name=title_of_all(nouns_of(inline.model)), category=inline.view.category)


def _limits(inline: InlineModel, base: type[Any]) -> Iterator[tuple[str, Any]]:
    """The limits of the screen of the record, for its rows: to add or delete one is to edit the record."""
    view = inline.view
    yield "can_edit", view.can_edit
    yield "can_create", view.can_create and view.can_edit
    yield "can_delete", view.can_delete and view.can_edit
    yield "can_export", view.can_export
    if view.own_query is not None or view.listing.scope not in (list, view.scope):
        yield "get_query", _query_of_rows(inline, base)


def _query_of_rows(inline: InlineModel, base: type[Any]) -> Callable[[Any], Any]:
    """A method for rows that are seen because their record is."""

    def get_query(self: Any) -> Any:
        seen = select(inline.target).where(*inline.view.listing.scope())
        return base.get_query(self).filter(getattr(inline.model, inline.reference).in_(seen))

    return get_query
