"""Moments as HTML: the person's words, with the exact moment in UTC for programs and as a tooltip."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from markupsafe import Markup

from dashboard.words import BEYOND, day_words, exact_words, iso_seconds, moment_words, recent_words
from dashboard.zones import local


def time_attributes(moment: datetime) -> dict[str, str]:
    """The attributes of a moment on a page; one without a zone has no moment in UTC."""
    if moment.tzinfo is None:
        return {"datetime": moment.isoformat(timespec="seconds")}
    exact = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return {"datetime": iso_seconds(exact), "title": exact_words(exact)}


def time_html(moment: datetime, words: str) -> str:
    """A moment that is shown as `words`."""
    if getattr(moment, BEYOND, ""):
        return escape(words)
    if moment.tzinfo is UTC:  # a list has hundreds
        return f'<time datetime="{iso_seconds(moment)}" title="{exact_words(moment)}">{words}</time>'
    attributes = "".join([f' {name}="{value}"' for name, value in time_attributes(moment).items()])
    return f"<time{attributes}>{words}</time>"


def day_html(moment: datetime) -> str:
    """A moment that is shown as the person's day."""
    return time_html(moment, day_words(local(moment).date()))


def time_in_page(moment: datetime | None, words: str = "") -> Markup:
    """A moment in a template, as `words` or else as the person reads it; a dash where there is no moment."""
    # The words are made of digits and names of months, and escaped where they are from a database.
    return Markup("—") if moment is None else Markup(time_html(moment, words or moment_words(moment)))  # noqa: S704


def recent_in_page(moment: datetime | None) -> Markup:
    """A moment in a template by how long ago it was, on pages that nobody leaves open to work in."""
    return time_in_page(moment, "" if moment is None else recent_words(moment))
