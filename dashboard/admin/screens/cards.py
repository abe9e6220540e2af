"""Cards of plug-ins on the home: a title, and a figure or a few words that a function gives.

A function that raises is shown as a line on its card and logged; the home does not fail with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask, current_app

from dashboard.extensions import db
from dashboard.number_form import number_words
from dashboard.permissions import GRANTS, HOME_READ, Permission, may
from dashboard.text.shortening import shortened
from dashboard.web.security_headers import is_local_address

CARDS = "home_cards"
"""The key of an application's extensions under which are its cards."""
MOST_CARDS, TITLE_LENGTH, VALUE_LENGTH, NOTE_LENGTH = 24, 40, 80, 200
FAILED = "This can't be shown right now."


@dataclass(frozen=True)
class CardText:
    """The text of a card: a figure or a few words, the address that it leads to, and a note below.

    A whole number is written with commas. `url` is an address of the console, or empty.
    """

    value: str | int
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class HomeCard:
    """A card of the home, shown to those who have `permission`."""

    title: str
    text: Callable[[], CardText]
    permission: Permission


@dataclass(frozen=True)
class ShownCard:
    """A card as the home shows it; without a value it failed, and `note` says so."""

    label: str
    value: str
    url: str
    note: str


def add_card(app: Flask, title: str, text: Callable[[], CardText], permission: str = HOME_READ) -> None:
    """Add a card to the home of `app`.

    Raises ValueError where the title is empty, long or taken, where no role has the permission, and where
    there are too many cards.
    """
    cards: list[HomeCard] = app.extensions.setdefault(CARDS, [])
    if not 0 < len(title.strip()) <= TITLE_LENGTH:
        raise ValueError(f"The title of a card has 1 to {TITLE_LENGTH} characters, unlike {title!r}.")
    if any(card.title == title for card in cards):
        raise ValueError(f"There is a card {title} already.")
    if permission not in app.extensions[GRANTS].least:
        raise ValueError(
            f"No role has the permission {permission} of the card {title}. Add its screen first."
        )
    if len(cards) >= MOST_CARDS:
        raise ValueError(f"The home has {MOST_CARDS} cards already.")
    cards.append(HomeCard(title, text, Permission(permission)))


def shown_cards() -> list[ShownCard]:
    """The cards that the current user may see."""
    cards: list[HomeCard] = current_app.extensions.get(CARDS, [])
    return [*_shown(card for card in cards if may(card.permission))]


def _shown(cards: Iterator[HomeCard]) -> Iterator[ShownCard]:
    for card in cards:
        try:
            yield _read(card)
        except Exception:
            db.session.rollback()  # or the next query would try to write again
            current_app.logger.exception("The card %s of the home failed.", card.title)
            yield ShownCard(card.title, "", "", FAILED)


def _read(card: HomeCard) -> ShownCard:
    """The card with its text; raises any error of its function, and TypeError or ValueError for its text."""
    text = card.text()
    if not isinstance(text, CardText):
        raise TypeError(f"The function of a card returns a CardText, not {type(text).__name__}.")
    if db.session.new or db.session.dirty or db.session.deleted:
        raise ValueError("A card reads, and changes nothing.")
    if text.url and not is_local_address(text.url):
        raise ValueError(f"A card leads to an address of the console, unlike {text.url!r}.")
    value = number_words(text.value) if isinstance(text.value, int) else str(text.value)
    return ShownCard(card.title, shortened(value, VALUE_LENGTH), text.url, shortened(text.note, NOTE_LENGTH))
