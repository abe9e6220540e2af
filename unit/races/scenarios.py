"""The races by route, and the helpers that their preparations share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.history.recording import change_set_of
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product
from unit.races.track import Entrant, Race, Track

Prepare = Callable[[Track], Race]
SCENARIOS: dict[str, list[Prepare]] = {}
"""Races by what is requested: a route, and the action where the route takes several."""
MAILING: set[str] = set()
"""The names of the preparations whose console sends mail."""
SCREENS = ("products", "categories", "users")
MAKERS: dict[str, Callable[[], Any]] = {
    "products": a_product,
    "categories": a_category,
    "users": an_account,
}
MODELS = {"products": Product, "categories": Category, "users": User}


def race(of: str, *, mails: bool = False) -> Callable[[Prepare], Prepare]:
    """Register a function as the preparation of a race, over a console that sends mail where `mails`."""

    def register(prepare: Prepare) -> Prepare:
        if mails:
            MAILING.add(prepare.__name__)
        SCENARIOS.setdefault(of, []).append(prepare)
        return prepare

    return register


def for_each_screen(suffix: str) -> Callable[[Callable[[Track, str], Race]], None]:
    """The same for a route that every screen of records has."""

    def register(prepare: Callable[[Track, str], Race]) -> None:
        for screen in SCREENS:

            def on_screen(track: Track, screen: str = screen) -> Race:
                return prepare(track, screen)

            on_screen.__name__ = f"{prepare.__name__}_of_{screen}"
            race(f"/admin/{screen}/{suffix}")(on_screen)

    return register


def people_for(track: Track, screen: str) -> list[Any]:
    return track.people("owner" if screen == "users" else "editor")


def some(track: Track, make: Callable[[], Any], number: int = 3) -> list[int]:
    """Return the ids of new records."""
    return track.store(lambda: [make().id for _ in range(number)])


def one(track: Track, make: Callable[[], Any]) -> int:
    return some(track, make, 1)[0]


def numbered(track: Track, word: str) -> list[str]:
    return [f"{word} {place}" for place in range(track.number)]


def stored(model: Any, key: int) -> Any:
    return db.session.get(model, key)


def number_of(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def only_one(model: Any, *conditions: Any) -> Callable[[Sequence[Entrant]], None]:
    """Return a check that exactly one row matches the conditions."""

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(model, *conditions) == 1

    return holds


def only_the_winners(model: Any, field: str) -> Callable[[Sequence[Entrant]], None]:
    """Return a check that there is one row, with the value that the winner sent."""

    def holds(winners: Sequence[Entrant]) -> None:
        found = list(db.session.scalars(select(getattr(model, field))))
        assert found == [winners[0].form[field]]

    return holds


def has_winners(model: Any, key: int, field: str) -> Callable[[Sequence[Entrant]], None]:
    """Return a check that the record has the value that the winner sent."""

    def holds(winners: Sequence[Entrant]) -> None:
        assert str(getattr(stored(model, key), field)) == winners[0].form[field]

    return holds


def is_gone(model: Any, key: int) -> Callable[[Sequence[Entrant]], None]:
    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(model, key) is None

    return holds


def written(track: Track, change: Callable[[], Any]) -> int:
    """Return the id of the change set that `change` records."""

    def do() -> int:
        change()
        db.session.flush()
        found = change_set_of(db.session)
        assert found is not None
        return found.key

    return int(track.store(do))
