"""The part that the screen of a kind of record has in the trash."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort, flash, request, url_for

from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.screen import Screen
from dashboard.database.keys import Key
from dashboard.registry import Values
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import find_in_trash, trash_days
from dashboard.web.returning import redirect_to
from dashboard.words import counted


class Trash(Feature[Screen]):
    """Deleted records go to the trash, as the screen's ``trash`` declares.

    ``restore`` takes ids of the trash, ignores those of other kinds and returns how many records it restored.
    ``facts`` returns the facts of a record from the columns that it had when it was deleted, but no secret.
    """

    def __init__(
        self, *, restore: Callable[[Sequence[int]], int], facts: Callable[[Values], Sequence[Fact]]
    ) -> None:
        self.restore, self.facts = restore, facts

    def deletion_words(self, number: int) -> str:
        """Say that deleted records can be restored, and for how long where that is limited."""
        them, days = "it" if number == 1 else "them", trash_days()
        until = f" for {counted(days, 'day')}" if days else ""
        return f"You can restore {them} from the trash{until}."

    def on_missing(self) -> None:
        """Say that a record is in the trash; users who may restore it are redirected there."""
        trashed = self.trashed()
        if trashed is None:
            return
        name, url = self.screen.name_of(trashed), self.address_of_missing()
        if request.method == "GET" and url:
            flash(f"{name} is in the trash.", "warning")
            abort(redirect_to(url))
        abort(404, f"{name} is in the trash. An editor can restore it.")

    def address_of_missing(self) -> str | None:
        """The address of a deleted record in the trash, for users who may edit."""
        trashed = self.trashed() if self.screen.allows("edit_view") else None
        return url_for("trash.details_view", id=trashed.id) if trashed else None

    def on_timeline(self, key: Key, exists: bool) -> Sequence[RecordAction]:  # noqa: ARG002
        """The link to a deleted record in the trash."""
        url = None if exists else self.address_of_missing()
        return (RecordAction("Find it in the trash", url),) if url else ()

    def trashed(self) -> Trashed | None:
        """The record that the request names, if it is in the trash and can be restored."""
        text = request.values.get("id")
        key = None if text is None else self.screen.listing.read_key(text)
        return None if key is None else find_in_trash(self.screen.kind, key, trash_days())
