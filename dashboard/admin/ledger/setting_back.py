"""The offers to set single fields back to what they were before a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import current_app, url_for

from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.screens import screens_of
from dashboard.admin.ledger.change_display import Line, Shown
from dashboard.history.models import Action, read_unasked
from dashboard.registry import registry
from dashboard.text.shortening import shortened
from dashboard.web.addresses import carried
from dashboard.web.returning import here
from dashboard.words import moment_words

VALUE_SHOWN = 24


def value_words(value: Shown) -> str:
    """A value in a few words; blank where there are none, as for files."""
    if value is None or value == "":
        return "blank"
    if isinstance(value, str):
        return shortened(" ".join(value.split()), VALUE_SHOWN)
    return moment_words(value) if isinstance(value, datetime) else ""


def set_back_offers(line: Line) -> Mapping[str, RecordAction]:
    """The actions to set each field of a change back, by its label, if the current user may."""
    change, screen = line.change, _screen_of(line)
    if change.action is not Action.CHANGE or line.url is None or screen is None:
        return {}
    declared = registry()[change.record_kind]
    hidden = declared.masked | read_unasked(change.fields)
    return {
        field.label: RecordAction(
            f"Set back to {words}" if (words := value_words(field.before)) else "Set back",
            url_for(
                f"{screen.endpoint}.set_back_view",
                id=change.key,
                change=change.id,
                field=field.name,
                next=carried(here()) or None,
            ),
        )
        for field in line.fields
        if field.name in declared.fields and field.name not in hidden
    }


def _screen_of(line: Line) -> Screen | None:
    """The screen on which the current user may edit the record of a change, if any."""
    its = (each for each in screens_of(current_app) if each.kind == line.change.record_kind)
    return next((each for each in its if each.allows("set_back_view") and each.allows("edit_view")), None)
