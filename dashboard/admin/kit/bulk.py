"""Bulk actions: the buttons of a list, and the question before an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.selection import SEEN, Selection
from dashboard.extensions import db
from dashboard.listing.page import ListPage
from dashboard.listing.result_set import ResultSet
from dashboard.words import counted

NAMES_SHOWN = 20
MANY = 2000
"""Records from which a bulk action is a job: fewer are done before a user could read how far it is."""


class BulkAction(NamedTuple):
    """The button of a bulk action; ``tone`` is its tint. With ``choices`` it is the menu of other actions."""

    name: str
    label: str
    tone: str
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Bulk:
    """A bulk action that waits for its confirmation.

    ``phrase`` is what it does, such as ``Move {} to draft``, with the records in place of the braces;
    ``seen`` is the position of the history when the user is asked.
    """

    name: str
    phrase: str
    singular: str
    chosen: Selection
    tone: str
    consequence: str
    seen: int

    def confirmation(self) -> Confirmation:
        """Ask, naming the first of the records and counting the rest."""
        names = self.chosen.names(NAMES_SHOWN)
        sentence = self.phrase.format(counted(self.chosen.number, self.singular))
        return Confirmation(
            title=f"{sentence}?",
            consequence=self.consequence,
            verb=sentence,
            tone=self.tone,
            names=names,
            more=self.chosen.number - len(names),
            fields=[("action", self.name), ("confirm", "1"), (SEEN, str(self.seen)), *self.chosen.fields],
        )


@dataclass(frozen=True)
class Offer:
    """The offer to select every record of a list: the list's query, and the records in words."""

    query: str
    words: str


def offer_everything(page: ListPage, locked: frozenset[Any], singular: str) -> Offer | None:
    """The offer to select more than `page` shows; None where it shows all that may be changed."""
    matching = ResultSet(db.session, page.listing, page.state, page.known, locked)
    number = matching.number if page.exact else page.total
    if number <= sum(row.id not in locked for row in page.rows):
        return None
    amount = counted(number, singular)
    words = f"all {amount}" if page.exact else f"all (about {amount})"
    return Offer(page.state.fixed_query, f"{words} that match" if page.is_filtered else words)


def _nothing() -> None:
    """Do nothing after a step."""


@dataclass(frozen=True)
class Doing:
    """How an action is done by a job.

    ``act`` does it on a selection, with the fields of the form that asked for it, and returns the message.
    ``in_steps`` says that each record is changed by itself, so that the job may commit between two slices of
    the selection; ``after_step`` is called then.
    """

    in_steps: bool
    act: Callable[[Selection, MultiDict[str, str]], str]
    after_step: Callable[[], None] = _nothing
