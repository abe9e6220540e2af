"""Importing the records of a `RecordView`, by its forms and with its hooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, g

from dashboard.admin.features.form_importer import FormImporter
from dashboard.admin.features.importing import Import
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.screens import screens_of
from dashboard.admin.record_view import writing
from dashboard.importing.fields import Given, Matching, Outcome


class RecordImporter(FormImporter):
    """Imports the records of a `RecordView`."""

    def outcomes(self, rows: Sequence[Given], how: Matching, *, lock: bool) -> Sequence[Outcome]:
        """Say what each row does; hooks that still wait are those of a step that was rolled back."""
        g.pop(writing.AFTERWARDS, None)
        return super().outcomes(rows, how, lock=lock)


def importer_into(model: type[Any]) -> FormImporter | None:
    """The importer that creates records of a class by forms; None where no screen has one."""
    for screen in screens_of(current_app):
        feature = screen.feature(Import)
        if screen.model is model and feature is not None and isinstance(feature.importer, FormImporter):
            return feature.importer
    return None


def importer_by_forms(view: Screen) -> RecordImporter:
    """The importer of a `RecordView`."""
    its: Any = view
    return RecordImporter(
        view,
        (its.edit_form_class, its.new_form_class),
        create=its.flow.create,
        update=its.flow.save,
        values=its.flow.texts,
        fill=writing.filled,
        refuse=its.flow.refuse_blanks,
        together=its.flow.write_together,
        done=writing.call_hooks,
        related=importer_into,
    )
