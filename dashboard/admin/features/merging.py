"""Three versions of one record: as somebody opened it, as somebody else saved it, as it is to be saved.

What only one of the two changed is merged; for the rest the person decides, on a page whose form goes the way
of any other edit: checked, permitted, and compared with the version that is stored by then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField

from dashboard.accounts.names import names_of
from dashboard.admin.features.presence import Presence
from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.urls import return_address
from dashboard.admin.kit.versions import read_signed, sign
from dashboard.extensions import db
from dashboard.history.merge import Outcome, left_to_choice, outcome
from dashboard.history.past import Past, Touch, read_past
from dashboard.web.forms import TOKEN, sent_fields
from dashboard.words import ago

SALT = "versions of a merge"
OPENED = "opened"
REVIEW = "review"
YOURS = "yours-"
TOLD = "Somebody else saved this while you were editing. Nothing of yours is saved yet."
FormValues = Callable[[Any], Mapping[str, str]]
LONG = 60  # characters that fit beside two others


@dataclass(frozen=True)
class Version:
    """A field in one of the three: what a form sends for it, and what people read."""

    label: str
    value: str
    words: str

    @property
    def is_long(self) -> bool:
        """Whether it needs lines of its own."""
        return len(self.words) > LONG or "\n" in self.words


@dataclass
class MergedField:
    """A field of the three versions; ``opened`` is None where nobody knows what it was.

    ``since`` is the version of the record that ``opened`` is from, ``chosen`` what somebody chose already.
    """

    field: Any
    since: int
    opened: str | None
    theirs: str
    yours: str
    outcome: Outcome
    chosen: str | None = None
    changed: str = ""
    changed_at: datetime | None = None

    @property
    def value(self) -> str:
        """What is to be saved, where that is no choice."""
        return self.yours if self.outcome is Outcome.YOURS else self.theirs

    @property
    def is_theirs(self) -> bool:
        """Whether somebody else changed it."""
        return self.outcome in (Outcome.THEIRS, Outcome.BOTH, Outcome.CHOICE)

    @property
    def versions(self) -> Iterator[Version]:
        """The three, the person's own first; without the oldest where nobody knows it."""
        yield Version("Yours", self.yours, in_words(self.field, self.yours))
        yield Version("Theirs", self.theirs, in_words(self.field, self.theirs))
        if self.opened is not None:
            yield Version("As you opened it", self.opened, in_words(self.field, self.opened))

    @property
    def options(self) -> list[Version]:
        """What there is to choose from, each value once."""
        found: dict[str, Version] = {}
        for each in self.versions:
            found.setdefault(each.value, each)
        return [*found.values()]

    @property
    def changed_ago(self) -> str:
        """How long ago somebody else changed it, in words."""
        return ago(self.changed_at) if self.changed_at else ""


@dataclass(frozen=True)
class Merging:
    """How the records of a screen are merged.

    ``form_values`` gives the values of a record as its form holds them; ``together`` are the fields that mean
    something together only, which come from one side.
    """

    screen: Screen
    form_values: FormValues
    together: Sequence[Collection[str]]


def merge(how: Merging, record: Any, form: RecordForm) -> tuple[str, int] | None:
    """The page that merges what was sent with `record`; None where nothing stands against saving it."""
    sent = Sent(record, form)
    if not (sent.is_outdated or sent.missing):
        return None
    merged, screen = Merge(how, record, sent).fields, how.screen
    if sent.is_outdated:
        form.add_error(TOLD)
    for name in sent.missing:
        form.add_error("Choose one of these.", name)
    form.remember_version(record)
    touched = {each.field.name: each.since for each in merged if each.outcome is not Outcome.UNTOUCHED}
    back = return_address(screen.urls.index)
    page = screen.page(
        "admin/model/merge.html",
        title=f"Merge changes to {record}",
        form=form,
        fields=merged,
        opened=(OPENED, sign(SALT, record, touched)),
        yours=YOURS,
        review=REVIEW,
        cancel_url=back,
        urls=screen.urls.of_record(record.id, back),
        presence=Presence(screen.kind, record.id).others,
    )
    return page, 409 if sent.is_outdated else 422


class Sent:
    """What the request brings: values by field, and the version of the record that each was typed over."""

    def __init__(self, record: Any, form: RecordForm) -> None:
        self.form, self.fields = form, sent_fields()
        self.version = form.read_version(record)
        self.is_outdated = self.version != record.version
        signed = self.fields.get(OPENED)
        # Only a merge page has these: the versions in which its fields were opened at first.
        self.opened: Mapping[str, int] = read_signed(SALT, record, signed) if signed else {}
        self.missing = [name for name in self.opened if name in form and name not in self.fields]

    def side(self, name: str) -> tuple[str, int, str | None]:
        """What was typed into a field, over which version, and what was chosen since.

        A choice made on a merge page is typed over what that page showed; while that is what is stored, the
        same page comes again.
        """
        if name in self.opened and (not self.is_outdated or name in self.missing):
            chosen = self.fields.get(name)
            return plain(self.fields.get(YOURS + name)), self.opened[name], chosen and plain(chosen)
        return plain(self.form[name].data), self.version, None


class Merge:
    """The fields of a record, merged from the three versions."""

    def __init__(self, how: Merging, record: Any, sent: Sent) -> None:
        self.how, self.record, self.sent = how, record, sent
        self.stored = {name: plain(text) for name, text in how.form_values(record).items()}
        self.at: dict[int, Mapping[str, str]] = {}

    @cached_property
    def past(self) -> Past:
        """The record since the oldest of the versions that were opened."""
        oldest = min(self.sent.version, *self.sent.opened.values(), self.record.version)
        return read_past(db.session, self.record, oldest)

    @cached_property
    def fields(self) -> list[MergedField]:
        """Each field that the form has of the record, in the form's order."""
        found = [self.merged(field) for field in self.sent.form if field.name in self.stored]
        outcomes = left_to_choice({each.field.name: each.outcome for each in found}, self.how.together)
        for each in found:
            each.outcome = outcomes[each.field.name]
        self._tell_who(found)
        return found

    def merged(self, field: Any) -> MergedField:
        """One field, by itself."""
        yours, since, chosen = self.sent.side(field.name)
        opened, theirs = self.texts(since).get(field.name), self.stored[field.name]
        return MergedField(field, since, opened, theirs, yours, outcome(opened, theirs, yours), chosen)

    def texts(self, version: int) -> Mapping[str, str]:
        """What the form held of the record at `version`, as far as that is known."""
        if version not in self.at:
            known = self.past.values(version)
            then = SimpleNamespace(**{**self.past.declared.values(self.record), **known})
            texts = self.how.form_values(then)
            self.at[version] = {n: plain(text) for n, text in texts.items() if kept_name(n, known) in known}
        return self.at[version]

    def _tell_who(self, fields: list[MergedField]) -> None:
        changed = [(each, self._touch(each)) for each in fields if each.is_theirs]
        known = [(each, touch) for each, touch in changed if touch]
        names = names_of({touch.author_id for _, touch in known if touch.author_id is not None})
        for each, touch in known:
            each.changed, each.changed_at = who(touch, names), touch.at

    def _touch(self, merged: MergedField) -> Touch | None:
        touches = self.past.touches(merged.since)
        return touches.get(kept_name(merged.field.name, touches))


def kept_name(name: str, kept: Mapping[str, Any]) -> str:
    """The name that the ledger has for a field of a form: its own, or that of the key behind it."""
    return name if name in kept else f"{name}_id"


def plain(text: str | None) -> str:
    """A text with the line breaks that are stored; a form sends others."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def in_words(field: Any, value: str) -> str:
    """A value of a form's field as people read it there."""
    if not isinstance(field, SelectField):
        return value
    labels = (str(choice.label) for choice in field.choices if choice.value == value)
    return next(labels, f"{value} (no longer there)")


def who(touch: Touch, names: Mapping[int, str]) -> str:
    """Who made a change, at the beginning of a sentence."""
    if touch.author_id is None:
        return "A command"
    if touch.author_id == current_user.id:
        return "You, elsewhere,"
    return names.get(touch.author_id, "Somebody whose account is gone")


def gone(screen: Screen, form: RecordForm) -> ResponseReturnValue:
    """The page that shows what was typed into the form of a record that no longer exists, to be copied."""
    names = [field.name for field in form if field.name not in (TOKEN, "version")]
    sent = sent_fields()
    texts = {name: sent.get(name, sent.get(YOURS + name)) for name in names}
    typed = [
        Version(form[name].label.text, text, in_words(form[name], plain(text)))
        for name, text in texts.items()
        if text is not None
    ]
    if not typed:
        screen.missing()
    places = (feature.address_of_missing() for feature in screen.features)
    return screen.page(
        "admin/model/gone.html",
        title=f"This {screen.singular} is gone",
        typed=typed,
        trash_url=next(filter(None, places), None),
    ), 404
