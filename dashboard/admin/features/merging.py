"""Merging three versions of a record: as it was opened, as another user saved it, and as it was typed.

A field that only one of the two users changed is merged. The user chooses between the values of the others on
a page whose form is an ordinary edit: it is checked, permitted and compared with the stored version again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from flask_login import current_user
from markupsafe import Markup

from dashboard.accounts.names import names_of
from dashboard.accounts.people import person_in_page
from dashboard.admin.features.merged_fields import SIDES, MergedField
from dashboard.admin.features.presence import Presence
from dashboard.admin.kit.forms import CONTROL, RecordForm, further_texts, plain, text_of
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.urls import return_address
from dashboard.admin.kit.versions import State, carried_text, read_signed, sign
from dashboard.extensions import db
from dashboard.history.merge import Outcome, left_to_choice, outcome
from dashboard.history.past import Past, Touch, last_change, read_past
from dashboard.web.forms import YOURS_PREFIX, sent_fields

SALT = "versions of a merge"
OPENED_FIELD = f"{CONTROL}opened"
REVIEW_FIELD = f"{CONTROL}review"
TOGETHER = "Choose the same version for these: they mean something only together."
CONFLICT_MESSAGE = Markup("{} saved changes while you were editing. Your changes aren't saved yet.")
FormValues = Callable[[Any], Mapping[str, str]]
NO_QUESTION = (Outcome.UNTOUCHED, Outcome.YOURS)
"""The outcomes of fields that no other user changed."""
ANOTHER_USER = "Another user"
ALL_FIELD = f"{CONTROL}all"
"""The field of the buttons that choose one side everywhere; its values are `SIDES`."""


@dataclass(frozen=True)
class Merging:
    """How the records of a screen are merged.

    ``form_values`` returns the values of a record as its form holds them. ``by_texts`` compares texts also
    where there is a version: that does not count the changes of child rows.
    """

    screen: Screen
    form_values: FormValues
    by_texts: bool = False

    def state(self, record: Any) -> State:
        """The state of a record as it is stored."""
        version = self.screen.record.version_of(record)
        if version is not None and not self.by_texts:
            return State(version)
        texts = {name: carried_text(plain(text)) for name, text in self.form_values(record).items()}
        return State(last_change(db.session, record), texts)


def merge(how: Merging, record: Any, form: RecordForm) -> tuple[str, int] | None:
    """The page that merges the sent form with `record`, and its status; None where it can be saved."""
    sent = Sent(how, record, form)
    mixed = sent.mixed(lambda: how.form_values(record))
    if not (sent.is_outdated or sent.missing or sent.side_of_all or mixed):
        return None
    merging, screen = Merge(how, record, sent), how.screen
    if merging.is_of_other_fields and not mixed:
        return None
    merged = merging.fields
    if sent.is_outdated:
        form.add_error(CONFLICT_MESSAGE.format(person_in_page(last_to_change(merged))))
    for name in sent.missing if not sent.side_of_all else ():
        form.add_error("Choose one of these.", name)
    for name in mixed if not (sent.side_of_all or sent.is_outdated) else ():
        form.add_error(TOGETHER, name)
    for each in merged:
        each.chosen = each.sides.get(sent.side_of_all, each.chosen)
    form.remember_state(record, sent.now)
    touched = [each for each in merged if each.outcome is not Outcome.UNTOUCHED]
    opened = {each.field.name: each.since.only(each.field.name).dump() for each in touched}
    back = return_address(screen.urls.index)
    page = screen.page(
        "admin/model/merge.html",
        title=f"Merge changes to {screen.listing.name_of(record)}",
        form=form,
        fields=merged,
        opened=(OPENED_FIELD, sign(SALT, record, opened)),
        yours=YOURS_PREFIX,
        review=REVIEW_FIELD,
        choose_all=ALL_FIELD,
        side_of_all=sent.side_of_all,
        is_conflict=sent.is_outdated,
        carried=further_texts(form, {each.field.name for each in merged}),
        cancel_url=back,
        urls=screen.urls.of_record(screen.record.key_of(record), back),
        presence=Presence(screen.kind, screen.record.key_of(record)).others,
    )
    return page, 409 if sent.is_outdated else 422 if form.errors else 200


class Sent:
    """The fields of the request, and the state of the record over which each was typed."""

    def __init__(self, how: Merging, record: Any, form: RecordForm) -> None:
        self.form, self.fields = form, sent_fields()
        self.state, self.now = form.read_state(record), how.state(record)
        self.is_outdated = self.state.differs(self.now)
        signed = self.fields.get(OPENED_FIELD)
        # Only a merge page sends these: the state in which each of its fields was first opened.
        found = read_signed(SALT, record, signed) if signed else {}
        self.opened: Mapping[str, State] = {name: State.load(each) for name, each in found.items()}
        asked = self.fields.get(ALL_FIELD, "")
        self.side_of_all = asked if self.opened and asked in SIDES else ""
        self.missing = [name for name in self.opened if name in form and name not in self.fields]

    def mixed(self, read: Callable[[], Mapping[str, str]]) -> list[str]:
        """The fields with a meaning only together of which different versions were chosen.

        Only a merge page sends such: for any other form what is stored is not read.
        """
        if not (self.opened and self.form.together):
            return []
        stored = {name: plain(text) for name, text in read().items()}
        found = list[str]()
        for group in self.form.together:
            names = [name for name in group if name in self.opened and YOURS_PREFIX + name in self.fields]
            versions = [self._versions_chosen(name, stored) for name in names if name in self.fields]
            if versions and not set.intersection(*versions):
                found += names
        return found

    def _versions_chosen(self, name: str, stored: Mapping[str, str]) -> set[str]:
        """The versions that have the chosen value, which several may."""
        chosen, yours = plain(self.fields.get(name)), plain(self.fields.get(YOURS_PREFIX + name))
        known = {"mine": yours, "theirs": stored.get(name)}
        return {side for side, text in known.items() if text == chosen} or {"original"}

    def side(self, name: str) -> tuple[str, State, str | None]:
        """The text typed into a field, the state that it was typed over, and the value chosen so far.

        A choice on a merge page counts as typed over the state that the page showed. While that state is
        the stored one, the same page is shown again.
        """
        if name in self.opened and (not self.is_outdated or name in self.missing):
            chosen = self.fields.get(name)
            return plain(self.fields.get(YOURS_PREFIX + name)), self.opened[name], chosen and plain(chosen)
        return text_of(self.form[name]), self.state, None


class Merge:
    """The fields of a record, merged from the three versions."""

    def __init__(self, how: Merging, record: Any, sent: Sent) -> None:
        self.how, self.record, self.sent = how, record, sent
        self.stored = {name: plain(text) for name, text in how.form_values(record).items()}
        self.at: dict[int, Mapping[str, str]] = {}

    @cached_property
    def past(self) -> Past:
        """The changes of the record since the oldest state that was opened."""
        opened = (self.sent.state, *self.sent.opened.values(), self.sent.now)
        return read_past(db.session, self.record, min(state.at for state in opened))

    @cached_property
    def fields(self) -> list[MergedField]:
        """The fields of the record that the form has, in the order of the form."""
        found = [self.merged(field) for field in self.sent.form if field.name in self.stored]
        its = {each.field.name: each.outcome for each in found}
        outcomes = left_to_choice(its, self.sent.form.together)
        for each in found:
            each.outcome = outcomes[each.field.name]
        self._tell_who(found)
        return found

    @property
    def is_of_other_fields(self) -> bool:
        """Whether others only changed what this form does not have, such as photos, as the ledger says."""
        if self.sent.missing or not self.past.has_every_change_since(self.sent.state.at):
            return False
        return all(each.outcome in NO_QUESTION for each in self.fields)

    def merged(self, field: Any) -> MergedField:
        """One field, by itself."""
        yours, since, chosen = self.sent.side(field.name)
        theirs = self.stored[field.name]
        opened = (
            self.texts(since.at).get(field.name)
            if since.texts is None
            else since.opened(field.name, theirs, yours)
        )
        return MergedField(field, since, opened, theirs, yours, outcome(opened, theirs, yours), chosen)

    def texts(self, version: int) -> Mapping[str, str]:
        """The texts of the form at `version`, as far as the history knows them."""
        if version not in self.at:
            known = self.past.values(version)
            then = SimpleNamespace(**{**self.past.declared.values(self.record), **known})
            texts = self.how.form_values(then).items()
            self.at[version] = {n: plain(text) for n, text in texts if recorded_name(n, known) in known}
        return self.at[version]

    def _tell_who(self, fields: list[MergedField]) -> None:
        changed = [(each, self._touch(each)) for each in fields if each.is_theirs]
        known = [(each, touch) for each, touch in changed if touch]
        names = names_of({touch.author_id for _, touch in known if touch.author_id is not None})
        for each, touch in known:
            each.changed, each.changed_at = who(touch, names), touch.at

    def _touch(self, merged: MergedField) -> Touch | None:
        touches = self.past.touches(merged.since.at)
        return touches.get(recorded_name(merged.field.name, touches))


def last_to_change(fields: Iterable[MergedField]) -> str:
    """Who was the last to change one of `fields`, at the beginning of a sentence."""
    changed = [(each.changed_at, each.changed) for each in fields if each.changed_at]
    return max(changed)[1] if changed else ANOTHER_USER


def recorded_name(name: str, recorded: Mapping[str, Any]) -> str:
    """The name of a form's field in the history: its own, or that of the key behind it."""
    return name if name in recorded else f"{name}_id"


def who(touch: Touch, names: Mapping[int, str]) -> str:
    """Who made a change, at the beginning of a sentence."""
    if touch.author_id is None:
        return "A command"
    if touch.author_id == current_user.id:
        return "You (in another window)"
    return names.get(touch.author_id, ANOTHER_USER)


def author_of(touch: Touch | None) -> str:
    """Who made one change, or an unknown one, at the beginning of a sentence."""
    if touch is None:
        return ANOTHER_USER
    return who(touch, names_of((touch.author_id,) if touch.author_id is not None else ()))
