"""The bases of the forms of records: errors that are found late, and the version that was opened."""

from __future__ import annotations

from wtforms import HiddenField

from dashboard.admin.kit.versions import FORM, Versioned, read_signed, sign
from dashboard.web.forms import BoundedForm


class ConsoleForm(BoundedForm):
    """A form that can be refused after it was validated."""

    def add_error(self, message: str, field: str | None = None) -> None:
        """Show an error beside `field`, or above the form."""
        if field in self._fields:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


class RecordForm(ConsoleForm):
    """The form of a record; ``version`` carries, signed, the record and the version that were opened."""

    version = HiddenField()

    def remember_version(self, record: Versioned) -> None:
        """Store the version that is being edited in the form."""
        self.version.data = sign(FORM, record, record.version)

    def read_version(self, record: Versioned) -> int:
        """The version of `record` that was opened; answers 400 to a forged one."""
        return int(read_signed(FORM, record, self.version.data or ""))
