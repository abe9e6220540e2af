"""The forms of a mapped class, with the hook that fills in what is no column."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.admin.features.edit import Edit
from dashboard.admin.features.merging import Merging
from dashboard.admin.kit.forms import RecordForm


class RecordEdit(Edit):
    """Records of a `RecordView` are created and edited by forms, which ``on_form_prefill`` fills in."""

    @property
    def merging(self) -> Merging:
        """How these records are merged: by texts with collections, whose changes no version counts."""
        view: Any = self.screen
        its = [name for name in view.columns.collections if name in view.recorded.fields]
        usual = super().merging
        return replace(usual, by_texts=usual.by_texts or bool(its))

    def open_form(self, record: Any, form: RecordForm) -> str | None:
        """Let `form` remember the state that it shows, and call the hook unless it shows a draft."""
        page = super().open_form(record, form)
        if page is None and not form.is_restored:
            view: Any = self.screen
            view.on_form_prefill(form, view.record.key_of(record))
        return page
