"""The base of everything that a screen can do: its features are objects, not ancestors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Generic, Self, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.gate import ACCESS
from dashboard.admin.kit.selection import Selection
from dashboard.listing.page import ListPage
from dashboard.permissions import Access, Permission

S = TypeVar("S")
Handler = Callable[[], ResponseReturnValue]


class Feature(Generic[S]):
    """One thing that a screen of records can do: routes of its own, and what it adds to those of others.

    A screen declares its features; each is bound to the screen when that is made, and reaches it as
    ``screen``. Its methods with `route` become addresses of the screen, those with Flask-Admin's ``action``
    become bulk actions. All other methods may be left as they are.
    """

    screen: S

    def bound_to(self, screen: S) -> Self:
        """The same feature for one screen of one application."""
        bound = copy(self)
        bound.screen = screen
        return bound

    def marked(self, mark: str) -> Iterator[tuple[str, Any]]:
        """The methods that carry an attribute, with their names."""
        names = (name for name in dir(type(self)) if hasattr(getattr(type(self), name), mark))
        return ((name, getattr(self, name)) for name in names)

    def instead_of_list(self) -> ResponseReturnValue | None:
        """The answer to a request for the list, where it asks for something else."""
        return None

    def answer_action(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue | None:  # noqa: ARG002
        """The answer to the bulk action `name`, where it is one that does more than to ask and to act."""
        return None

    def picks_rows(self) -> bool:
        """Whether the list lets the current user select rows."""
        return False

    def on_list(self, page: ListPage) -> Mapping[str, Any]:  # noqa: ARG002
        """What the template of the list gets besides."""
        return {}

    def on_record(self, record: Any) -> Mapping[str, Any]:  # noqa: ARG002
        """What the template of a record's page gets besides."""
        return {}

    def on_missing(self) -> None:
        """Abort with an answer to a request for a record that is gone, where there is more to say of it."""

    def address_of_missing(self) -> str | None:
        """Where the current user finds the record that the request names and that is gone."""
        return None

    def deletion_words(self, number: int) -> str | None:  # noqa: ARG002
        """What deleting so many records means, where this feature decides it."""
        return None

    def on_timeline(self, key: int, exists: bool) -> Sequence[RecordAction]:  # noqa: ARG002
        """What can be done about all that the history says of a record."""
        return ()

    def timeline_note(self, exists: bool) -> str:  # noqa: ARG002
        """What there is to know of the history of a record as a whole."""
        return ""


def together(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What several features give one template."""
    return {name: value for part in parts for name, value in part.items()}


def first(answers: Iterable[Any]) -> Any:
    """The first answer that a feature gives; None where none does."""
    return next((answer for answer in answers if answer is not None), None)


def access_in(features: Iterable[Feature[Any]], name: str) -> Access | Permission | None:
    """What it takes to use the view function `name` of one of `features`; None where none has it."""
    found: Access | Permission | None = first(
        getattr(getattr(type(feature), name, None), ACCESS, None) for feature in features
    )
    return found


def add_routes(
    blueprint: Blueprint,
    taken: set[str],
    features: Iterable[Feature[Any]],
    guarded: Callable[[str, Handler], Handler],
) -> None:
    """Add the addresses of `features` to a blueprint, each `guarded` by the gate of its screen.

    `taken` are the names of the screen's own view functions. Raises ValueError where a name is taken.
    """
    for feature in features:
        for name, handler in feature.marked(ACCESS):
            if name in taken:
                raise ValueError(f"{type(feature).__name__} and another part of its screen have {name}.")
            taken.add(name)
            for path, methods in handler._urls:
                blueprint.add_url_rule(path, name, guarded(name, handler), methods=methods)
