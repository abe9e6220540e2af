"""Deleting records, one by one and in bulk, each after a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_admin.actions import action

from dashboard.admin.kit.asking import ask_or_do
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Selection
from dashboard.admin.kit.wording import deletion_words
from dashboard.permissions import Access
from dashboard.words import counted


class Delete(Feature[Screen]):
    """Records can be deleted.

    ``remove`` deletes records and returns how many, or raises a refusal. ``remove_keys`` does the same by
    ids, so that a bulk action need not read the records. ``consequence`` returns the sentence of the question
    for a record that differs from the others, else None.
    """

    def __init__(
        self,
        remove: Callable[[Sequence[Any]], int],
        *,
        remove_keys: Callable[[Sequence[int]], int] | None = None,
        consequence: Callable[[Any], str | None] = lambda record: None,  # noqa: ARG005
    ) -> None:
        self.remove, self.remove_keys, self.consequence = remove, remove_keys, consequence

    @route("/delete/", Access.WRITE, methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Ask on GET, delete on POST."""
        return ask_or_do(self.screen, self.question, self.delete)

    def question(self, record: Any) -> Confirmation:
        """Ask whether to delete a record."""
        return Confirmation(
            title=f"Delete {self.screen.listing.name_of(record)}?",
            consequence=self.consequence(record) or deletion_words(self.screen, 1),
            verb=f"Delete {self.screen.singular}",
            tone="bad",
            takes_reason=True,
        )

    def delete(self, chosen: Selection) -> str:
        """Delete the one record that was chosen and return the message that says so."""
        [(record,)] = chosen.slices()
        name = self.screen.name_of(record)
        self.remove([record])
        return f"{name} deleted."

    @action("delete", "Delete")
    def action_delete(self, chosen: Selection) -> str:
        """Delete every record of a selection."""
        remove, keys = self.remove, self.remove_keys
        number = sum(map(keys, chosen.key_slices()) if keys else map(remove, chosen.slices()))
        return f"{counted(number, self.screen.singular)} deleted."
