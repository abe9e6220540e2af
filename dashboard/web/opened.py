"""Forms of what has no version: they carry what they were opened with, and so tell whose change is newer."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from wtforms import HiddenField

from dashboard.web.forms import BoundedForm


class OpenedForm(BoundedForm):
    """A form that says what it was opened with. It is not signed: who forges it overwrites knowingly."""

    opened = HiddenField()

    def remember_opened(self, stored: Mapping[str, str]) -> None:
        """Note the values of fields that are being edited."""
        self.opened.data = urlencode(stored)

    def merge_stored(self, stored: Mapping[str, str]) -> list[str]:
        """Take what is stored for fields that were left alone; return the labels of those that both changed.

        To save those again is then a decision.
        """
        opened, both = dict(parse_qsl(self.opened.data or "", keep_blank_values=True)), []
        for field in (self[name] for name in stored if name in self):
            now, then = stored[field.name], opened.get(field.name, stored[field.name])
            if field.data == then:
                field.data = now
            elif now not in (then, field.data):
                both.append(field.label.text.lower())
        self.remember_opened(stored)
        return both
