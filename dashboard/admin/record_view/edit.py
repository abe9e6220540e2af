"""The forms of a mapped class, with the hook that fills in what is no column."""

from __future__ import annotations

from typing import Any

from dashboard.admin.features.edit import Edit
from dashboard.admin.kit.forms import RecordForm


class RecordEdit(Edit):
    """Records of a `RecordView` are created and edited by forms, which ``on_form_prefill`` fills in."""

    def open_form(self, record: Any, form: RecordForm) -> str | None:
        """Let `form` remember the state that it shows, and call the hook unless it shows a draft."""
        page = super().open_form(record, form)
        if page is None and not form.is_restored:
            view: Any = self.screen
            view.on_form_prefill(form, view.record.key_of(record))
        return page
