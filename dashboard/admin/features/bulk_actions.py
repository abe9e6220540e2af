"""Bulk actions: the actions of a list on the selected records, each asked about first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.bulk_job import ask, is_for_a_job
from dashboard.admin.kit.bulk import Bulk, BulkAction, Doing, offer_everything
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.feature import Feature, first
from dashboard.admin.kit.gate import ACCESS, route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import NUMBER, Selection, read_selection
from dashboard.admin.kit.wording import deletion_words
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.history.since import position
from dashboard.listing.page import ListPage
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.forms import Fields, provided_draft

UNDOABLE = "You can undo this."
DESTROYS = "delete"
"""The action whose button is red and stands last."""


class BulkActions(Feature[Screen]):
    """The methods of the screen and of its features that Flask-Admin's ``action`` marks, for a selection.

    The third argument of ``action`` is the phrase of the question, such as ``Move {} to draft``; without it
    the label and the records make one, such as ``Archive 3 products``. ``in_steps`` names those that change
    each record by itself, so that a job may do them in several transactions. ``menus`` are labels of menus,
    each with the names of the actions in it.
    """

    def __init__(
        self, in_steps: Collection[str] = (), menus: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.in_steps, self.menus = in_steps, menus or {}

    def picks_rows(self) -> bool:
        """Whether the current user has any action on rows."""
        return bool(self.offered())

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The actions, and the offer to select more than the page shows."""
        actions, screen = self.offered(), self.screen
        everything = offer_everything(page, screen.locked_ids(), screen.singular) if actions else None
        return {"bulk_actions": self.in_menus(actions), "everything": everything}

    def in_menus(self, actions: Sequence[BulkAction]) -> tuple[BulkAction, ...]:
        """The actions as the list offers them: those of a menu stand in it, at the place of its first one."""
        found = dict[str, BulkAction]()
        for each in actions:
            label = next((label for label, names in self.menus.items() if each.name in names), "")
            menu = found.get(label) or BulkAction("", label, each.tone)
            if label:
                found[label] = menu._replace(choices=(*menu.choices, each))
            else:
                found[each.name] = each
        return tuple(found.values())

    def offered(self) -> tuple[BulkAction, ...]:
        """The actions that the current user may use on a selection."""
        if not self.screen.allows("action_view"):
            return ()
        actions = [
            BulkAction(name, label, tone_of(name))
            for name, label in self.screen._actions
            if self.screen.is_action_allowed(name) and self.may_act(name)
        ]
        return tuple(sorted(actions, key=lambda each: each.tone == "bad"))

    def may_act(self, name: str) -> bool:
        """Whether the current user has what the action `name` needs besides changing records."""
        access = getattr(self.screen._actions_data[name][0], ACCESS, None)
        return access is None or self.screen.holds(access)

    def instead_of_list(self) -> ResponseReturnValue | None:
        """The question again, where the request for the list carries a draft of its answer."""
        draft = provided_draft()
        name = draft.fields.get("action", "") if draft and self.screen.needs_proof else ""
        if not (draft and name in {each.name for each in self.offered()}):
            return None
        return self.ask_again(name, draft.fields)

    def ask_again(self, name: str, sent: Fields) -> ResponseReturnValue:
        """Ask about the action `name` on a selection that was sent before."""
        screen, seen = self.screen, position(db.session)
        # Without the answer to the question, and the number in it: the records are counted again.
        asked = MultiDict(pair for pair in sent.items(multi=True) if pair[0] not in (NUMBER, "confirm"))
        try:
            chosen = read_selection(asked, screen.source)
        except Refusal as refusal:
            return screen.go_back(str(refusal), "error")
        query = request.query_string.decode()
        action_url = f"{screen.urls.index}action/?{query}"
        return screen.confirm(self.question(name, chosen, seen), action_url=action_url)

    @route("/action/", Access.WRITE, methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Ask about an action on the selected records, and do it once it is confirmed."""
        name, screen = request.form.get("action", ""), self.screen
        if name not in screen._actions_data or not screen.is_action_allowed(name):
            abort(400, "This action does not exist.")
        if not self.may_act(name):
            abort(403)
        seen = position(db.session)
        try:
            chosen = read_selection(request.form, screen.source)
        except Refusal as refusal:
            return screen.go_back(str(refusal), "error")
        if not chosen.number:
            return screen.go_back("Nothing is selected.", "warning")
        answer = first(feature.answer_action(name, chosen, seen) for feature in screen.features)
        return self.ask_or_act(name, chosen, seen) if answer is None else answer

    def ask_or_act(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue:
        """Do `name` if it is confirmed, else ask; `seen` is the position of the history now."""
        act, label, phrase = self.screen._actions_data[name]
        if "confirm" in request.form and is_for_a_job(chosen) and self.doing(name):
            return self.ask_for_job(name, phrase or f"{label} {{}}", chosen)
        if "confirm" in request.form:
            return self.act_on(act, chosen)
        return self.screen.confirm(self.question(name, chosen, seen))

    def ask_for_job(self, name: str, phrase: str, chosen: Selection) -> ResponseReturnValue:
        """Ask for the job that does an action on very many records."""
        try:
            return ask(self.screen, name, phrase, chosen)
        except Refusal as refusal:
            db.session.rollback()
            return self.screen.go_back(str(refusal), "error")

    def doing(self, name: str) -> Doing | None:
        """How a job does an action of the screen or of one of its features.

        Records whose change needs a fresh proof are changed while the user who gave it waits.
        """
        screen = self.screen
        if name not in screen._actions_data or screen.needs_proof or not screen.allows("action_view"):
            return None
        act = screen._actions_data[name][0]
        may = screen.is_action_allowed(name) and self.may_act(name)
        return Doing(name in self.in_steps, lambda chosen, _: act(chosen)) if may else None

    def act_on(self, act: Callable[[Selection], str], chosen: Selection) -> ResponseReturnValue:
        """Change the selected records; a refusal is shown and nothing is changed."""
        describe(db.session, origin=Origin.BULK)
        return self.screen.attempt(lambda: act(chosen))

    def question(self, name: str, chosen: Selection, seen: int) -> Confirmation:
        """Ask about the action `name`, where the position of the history was `seen`."""
        screen, tone = self.screen, tone_of(name)
        _, label, phrase = screen._actions_data[name]
        consequence = deletion_words(screen, chosen.number) if tone == "bad" else UNDOABLE
        bulk = Bulk(name, phrase or f"{label} {{}}", screen.singular, chosen, tone, consequence, seen)
        return bulk.confirmation()


def tone_of(action: str) -> str:
    """The tint of an action: ``bad`` where it destroys, else ``neutral``."""
    return "bad" if action == DESTROYS else "neutral"
