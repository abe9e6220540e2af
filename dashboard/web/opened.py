"""Forms of records without a version: they send the values they were opened with, to detect conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from wtforms import BooleanField, Field, HiddenField

from dashboard.web.forms import BoundedForm

ON = "y"
"""The stored value of a ticked box; that of any other is empty."""


class OpenedForm(BoundedForm):
    """A form that sends the values it was opened with, unsigned: forging them only overwrites knowingly."""

    opened = HiddenField()

    def remember_opened(self, stored: Mapping[str, str]) -> None:
        """Set the values that the form was opened with."""
        self.opened.data = urlencode(stored)

    def merge_stored(self, stored: Mapping[str, str]) -> list[str]:
        """Take stored values into unchanged fields; return the labels of the fields that both users changed.

        Sending the form again then overwrites those on purpose.
        """
        opened, both = dict(parse_qsl(self.opened.data or "", keep_blank_values=True)), []
        for field in (self[name] for name in stored if name in self):
            now, then = stored[field.name], opened.get(field.name, stored[field.name])
            if _sent(field) == then:
                field.process_data(now)
            elif now not in (then, _sent(field)):
                both.append(field.label.text.lower())
        self.remember_opened(stored)
        return both


def _sent(field: Field) -> Any:
    """The value that a field sent, as a stored one is written."""
    return (ON if field.data else "") if isinstance(field, BooleanField) else field.data
