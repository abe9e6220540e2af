"""Records that the rows of a file refer to by names that are not there yet, and create."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from dashboard.admin.features.form_fields import usual_texts
from dashboard.admin.kit.forms import RecordForm
from dashboard.database.keys import key_text
from dashboard.files.lists import Attached
from dashboard.refusal import Refusal

CACHES = ("known_targets",)
"""Places where a request remembers other records: a job goes on for longer than these stay the same."""


def forget_known() -> None:
    """Read other records again when they are asked for next."""
    for name in CACHES:
        g.pop(name, None)


@dataclass(frozen=True)
class Later:
    """A form that waits for records which its row creates: its class, its texts and its lists of files."""

    form: type[RecordForm]
    texts: Mapping[str, str]
    lists: Mapping[str, Attached]


class RelatedRecords:
    """Creates records of another kind by a name alone, with the rules of their `FormImporter`."""

    def __init__(self, importer: Any) -> None:
        self.importer, self.title = importer, importer.record.title.key

    @property
    def can_create(self) -> bool:
        """Whether the current user may create one, and a name is enough for that."""
        if not self.importer.screen.allows("create_view"):
            return False
        fields = self.importer.own_fields
        needed = {each.name for each in fields if each.is_needed}
        return any(each.name == self.title for each in fields) and needed <= {self.title}

    def form(self, name: str) -> RecordForm:
        """The form of a new record called `name`; raises Refusal where it is not valid."""
        texts = {**usual_texts(self.importer.new_form), self.title: name}
        form: RecordForm = self.importer.fill(self.importer.new_form, texts, None)
        form.validate()
        errors = [str(error) for field in form for error in field.errors] + [*map(str, form.form_errors)]
        if errors:
            raise Refusal(errors[0])
        self.importer.refuse(form, None)
        return form

    def create(self, name: str) -> str:
        """Create a record called `name`, and return the text of its key; raises Refusal."""
        record: Any = self.importer.create(self.importer.screen, self.form(name))
        return key_text(getattr(record, self.importer.record.key.key))


def is_known(target: Any, text: str) -> bool:
    """Whether a text names a record, or several."""
    try:
        target.key_for(text)
    except ValueError:
        return bool(target.named(text.strip()))
    return True


def with_part(field: Any, text: str, name: str, new: str) -> str:
    """The text of a field with `new` in the place of a name: of a line of it, or of all where it has one."""
    if not getattr(field, "holds_many", False):
        return new
    return "\n".join(new if line.strip() == name else line for line in text.split("\n"))
