"""A page that is no kind of record, such as a report of a plug-in."""

from __future__ import annotations

from flask_admin import BaseView

from dashboard.admin.kit.gate import Gate


class PageView(Gate, BaseView):  # type: ignore[misc]
    """A ``flask_admin.BaseView`` behind the gate: each of its view functions says what it `needs`.

    One that does not is open to nobody.
    """

    def is_accessible(self) -> bool:
        """Whether the first page can be opened."""
        return self.allows(str(self._default_view))
