"""The field of a moment that has a zone: it is shown and typed on the person's clock.

A form names the zone that it was drawn with, so that a text means what it meant on that page, also in a draft
and after another zone was chosen. A text that is sent without a zone, as files and other pages of the console
send it, is in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup
from wtforms.widgets import TextInput

from dashboard.admin.kit.forms import plain
from dashboard.admin.record_view.forms.fields import ValueField
from dashboard.admin.record_view.texts import NOT_READ, read_moment, write_moment
from dashboard.preferences import DEFAULT, Preferences, in_zone, is_zone, label_of, preferences
from dashboard.words import day_words, moment_words
from dashboard.zones import after_gap, readings, zone_words

ZONE = "-zone"
"""The end of the name of the input with the zone that a moment was typed in; no column is called so."""
TWICE = "In {zone} clocks show {time} twice on {day}. Type {first} for the first, or {second} for the second."
NEVER = "In {zone} clocks skip {time} on {day}. Type {after}, or another time."


class MomentInput(TextInput):  # type: ignore[misc]
    """Draws a moment, and the zone that it is typed in."""

    def __call__(self, field: Any, **options: Any) -> Markup:
        """Draw the field."""
        drawn: Markup = super().__call__(field, **options)
        # A text with an error stays on the clock that it was typed for, whatever zone was chosen since.
        shown = field.typed_in if field.raw_data and field.process_errors else preferences()
        if shown.is_utc and preferences().is_utc:
            return drawn
        zone = Markup('<input type="hidden" name="{}{}" value="{}">')
        return drawn + zone.format(field.name, ZONE, shown.zone_name)


class MomentField(ValueField):
    """A moment: ``text`` is in UTC, and what a person sees and types is on the clock of a zone."""

    widget = MomentInput()
    typed_in: Preferences = DEFAULT
    """The zone of what was sent."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.typed = self._in_utc
        said = str(options.get("description") or "").strip()
        end = "" if not said or said[-1] in ".!?" else "."
        self.description = f"{said}{end} Time zone: {zone_words()}.".lstrip()

    def process(self, formdata: Mapping[str, str] | None, *args: Any, **options: Any) -> None:
        """Read what was sent, and the zone that it names."""
        named = (formdata or {}).get(self.name + ZONE)
        self.typed_in = DEFAULT if named is None else in_zone(named) if is_zone(named) else preferences()
        super().process(formdata, *args, **options)

    def _value(self) -> str:
        if self.raw_data and (self.process_errors or self.data is None or self.typed_in == preferences()):
            return str(self.raw_data[0])
        return self.prefilled(self.text)

    def prefilled(self, text: str) -> str:
        """A text of this field as the person reads it and may type it."""
        moment = _read(text)
        return text if moment is None else on_clock(moment, preferences())

    def words_of(self, text: str) -> str:
        """A text of this field in words."""
        moment = _read(text)
        if moment is None or moment.second or moment.microsecond:
            return self.prefilled(text)
        return moment_words(moment)

    def _is_kept(self, text: str) -> bool:
        if self.typed_in.is_utc or self.data is None:
            return super()._is_kept(text)
        # Not the text in UTC: on the clock of the zone it is another moment.
        return plain(text) == on_clock(self.data, self.typed_in)

    def _in_utc(self, text: str) -> str:
        return in_utc(text, self.typed_in)


def on_clock(moment: datetime, chosen: Preferences) -> str:
    """A moment as it is typed on the clock of a zone, with its offset where that shows the time twice."""
    try:
        # SQLite stores moments without their zone.
        local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(chosen.zone)
        shown = local.replace(tzinfo=None)
        text = write_moment(shown)
        return f"{text}{_offset(local)}" if len(readings(shown, chosen)) > 1 else text
    except OverflowError:
        return f"{write_moment(moment)} UTC"


def in_utc(text: str, chosen: Preferences) -> str:
    """A typed moment as it is in UTC; another text, or one with an offset, as it is.

    Raises ValueError, with what to type instead, for a time that the clocks of the zone show twice or never,
    or that in UTC is beyond the calendar.
    """
    try:
        typed = datetime.fromisoformat(text.strip())
        if chosen.is_utc or typed.tzinfo is not None:
            return text
    except ValueError:
        return text
    try:
        found = readings(typed, chosen)
    except OverflowError:
        raise ValueError(NOT_READ) from None
    if len(found) == 1:
        return write_moment(found[0])
    said = {"zone": label_of(chosen.zone_name), "time": f"{typed:%H:%M}", "day": day_words(typed.date())}
    if not found:
        raise ValueError(NEVER.format(**said, after=write_moment(after_gap(typed, chosen))))
    first, second = (on_clock(moment, chosen) for moment in found)
    raise ValueError(TWICE.format(**said, first=first, second=second))


def _read(text: str) -> datetime | None:
    try:
        return read_moment(text, aware=True) if text else None
    except ValueError:
        return None


def _offset(local: datetime) -> str:
    """The offset of a moment, as ISO 8601 has it."""
    return local.isoformat().removeprefix(local.replace(tzinfo=None).isoformat())
