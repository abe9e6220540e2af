"""What the forms of all records share: errors that are found late, and the version that was opened."""

from __future__ import annotations

from wtforms import HiddenField

from dashboard.admin.kit.versions import FORM, Versioned, read_signed, sign
from dashboard.web.forms import BoundedForm


class ConsoleForm(BoundedForm):
    """A form that can be refused after it was found valid."""

    def add_error(self, message: str, field: str | None = None) -> None:
        """Say what is wrong, beside `field` or above the form."""
        if field in self._fields:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


class RecordForm(ConsoleForm):
    """The form of a record. ``version`` carries, signed, which record was opened and in which version."""

    version = HiddenField()

    def remember_version(self, record: Versioned) -> None:
        """Note the version that is being edited."""
        self.version.data = sign(FORM, record, record.version)

    def read_version(self, record: Versioned) -> int:
        """The version of `record` that was opened; answers 400 to a forged one."""
        return int(read_signed(FORM, record, self.version.data or ""))
