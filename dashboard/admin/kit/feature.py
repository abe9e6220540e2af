"""The base of the features of a screen, which are objects and not base classes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, ClassVar, Generic, Self, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard.accounts.uploads import Upload, takes_upload
from dashboard.admin.kit.bulk import Doing
from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.gate import ACCESS
from dashboard.admin.kit.selection import Selection
from dashboard.database.keys import Key
from dashboard.listing.page import ListPage
from dashboard.permissions import Access, Permission

S = TypeVar("S")
Handler = Callable[[], ResponseReturnValue]


class Feature(Generic[S]):
    """A feature of a screen of records: its own routes, and what it adds to other pages of the screen.

    A screen declares its features. Each is bound to the screen when that is created, and reaches it as
    ``screen``. Methods with `route` become addresses of the screen, those with Flask-Admin's ``action`` bulk
    actions. Every other method has a default.
    """

    screen: S
    keeps_records: ClassVar[Collection[str]] = ()
    """The names of the routes that change something, but no record."""
    uploads: ClassVar[Mapping[str, Upload]] = {}
    """The uploads that routes of other features of the screen take."""

    def bound_to(self, screen: S) -> Self:
        """A copy of the feature for one screen of one application."""
        bound = copy(self)
        bound.screen = screen
        return bound

    def marked(self, mark: str) -> Iterator[tuple[str, Any]]:
        """The methods with the attribute `mark`, each after its name."""
        names = (name for name in dir(type(self)) if hasattr(getattr(type(self), name), mark))
        return ((name, getattr(self, name)) for name in names)

    def instead_of_list(self) -> ResponseReturnValue | None:
        """The answer to a request for the list, where the feature replaces the list."""
        return None

    def answer_action(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue | None:  # noqa: ARG002
        """The answer to the bulk action `name`, where it needs more than a question."""
        return None

    def doing(self, name: str) -> Doing | None:  # noqa: ARG002
        """How a job does the bulk action `name`; None where it is of another feature, or no job does it."""
        return None

    def picks_rows(self) -> bool:
        """Whether the list lets the current user select rows."""
        return False

    def on_list(self, page: ListPage) -> Mapping[str, Any]:  # noqa: ARG002
        """Further variables for the template of the list."""
        return {}

    def on_record(self, record: Any) -> Mapping[str, Any]:  # noqa: ARG002
        """Further variables for the template of a record's page."""
        return {}

    def on_missing(self) -> None:
        """Abort with an answer about a missing record, where the feature knows where it is."""

    def address_of_missing(self) -> str | None:
        """The address where the current user finds the missing record that the request names."""
        return None

    def deletion_words(self, number: int) -> str | None:  # noqa: ARG002
        """The consequence of deleting so many records, where this feature decides it."""
        return None

    def on_timeline(self, key: Key, exists: bool) -> Sequence[RecordAction]:  # noqa: ARG002
        """Actions on the whole history of a record."""
        return ()

    def timeline_note(self, exists: bool) -> str:  # noqa: ARG002
        """A note above the history of a record."""
        return ""


def together(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The variables of several features for one template."""
    return {name: value for part in parts for name, value in part.items()}


def first(answers: Iterable[Any]) -> Any:
    """The first answer that is not None; else None."""
    return next((answer for answer in answers if answer is not None), None)


def access_in(features: Iterable[Feature[Any]], name: str) -> Access | Permission | None:
    """The access to the view function `name` of one of `features`; None where they do not have it."""
    found: Access | Permission | None = first(
        getattr(getattr(type(feature), name, None), ACCESS, None) for feature in features
    )
    return found


def add_routes(
    blueprint: Blueprint,
    taken: set[str],
    features: Sequence[Feature[Any]],
    guarded: Callable[[str, Handler], Handler],
) -> None:
    """Add the addresses of `features` to a blueprint, each `guarded` by the gate of its screen.

    `taken` are the names of the screen's own view functions. Raises ValueError where a name is taken.
    """
    for feature in features:
        for name, handler in feature.marked("_urls"):  # an action needs an access as well, but has no address
            if name in taken:
                raise ValueError(f"{type(feature).__name__} and another part of its screen have {name}.")
            taken.add(name)
            view = guarded(name, handler)
            if upload := first(each.uploads.get(name) for each in features):
                takes_upload(upload)(view)
            for path, methods in handler._urls:
                blueprint.add_url_rule(path, name, view, methods=methods)
