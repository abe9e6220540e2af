"""Asking what the columns of a file mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dashboard.admin.features.import_forms import SIGNS, ChoicesForm, ReadingForm, encoding_name
from dashboard.admin.features.import_jobs import params_of
from dashboard.admin.features.import_upload import refuse_many_columns
from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.kit.gate import WRITES
from dashboard.extensions import db
from dashboard.importing.fields import Importer
from dashboard.importing.flows import ask_for_check, question_of, recognised, usual_choices
from dashboard.importing.table import Table
from dashboard.jobs.following import follow
from dashboard.jobs.models import Job
from dashboard.refusal import Refusal
from dashboard.text.shortening import shortened
from dashboard.web.returning import redirect_to

SAMPLES = 3
LONGEST = 60
READ = "read"
"""The name of the button that reads the file in another way."""


@dataclass
class ColumnRow:
    """A column of the file: its name, some of its cells, and the field that it fills.

    ``is_twice`` says that another column fills the same field.
    """

    name: str
    cells: Sequence[str]
    field: str
    is_twice: bool = False


class ColumnsPage:
    """The page about the columns of one file; raises Refusal where the file is gone."""

    def __init__(self, importer: Importer, job: Job) -> None:
        self.importer, self.job, self.params = importer, job, params_of(job)
        self.is_read = "header" in self.params
        self.question = None if self.is_read else question_of(job)
        reads = READ in request.form
        self.reading = ReadingForm(**({} if reads else self._as_read()))
        self.reading.offer(self.params, self.question)
        self.chosen: ChoicesForm | None = None
        if self.is_read:
            sends = request.method == WRITES and not reads
            usual = None if sends else usual_choices(job, importer)
            self.chosen = ChoicesForm.of(importer, usual, is_sent=not reads)

    def _as_read(self) -> Mapping[str, Any]:
        """The arguments for the form about the file as it was read, which nobody has sent."""
        form = self.params.get("form", {})
        return {"formdata": None, "data": {**form, "sheet": self.params.get("sheet")}}

    @property
    def form(self) -> ConsoleForm:
        """The form whose errors the page shows."""
        return self.reading if self.reading.errors or self.chosen is None else self.chosen

    def answer(self) -> ResponseReturnValue | None:
        """Do what was sent; None where the page has to be shown again, with what is wrong."""
        try:
            return self._read() if READ in request.form else self._check()
        except Refusal as refusal:
            db.session.rollback()
            (self.reading if READ in request.form else self.form).add_error(str(refusal), refusal.field)
            return None

    def _read(self) -> ResponseReturnValue | None:
        if not self.reading.validate():
            return None
        recognised(self.job, **self.reading.answers())
        refuse_many_columns(self.job)
        db.session.commit()
        return self._to("columns")

    def _check(self) -> ResponseReturnValue | None:
        if self.chosen is None or not self.chosen.validate():
            return None
        ask_for_check(self.job.id, self.importer, self.chosen.choices())
        db.session.commit()
        follow(self.job.id)
        return self._to("check")

    def _to(self, page: str) -> ResponseReturnValue:
        return redirect_to(url_for(f".import_{page}_view", id=self.job.id))

    def context(self) -> dict[str, Any]:
        """The variables of the template."""
        return {
            "form": self.form,
            "reading": self.reading,
            "chosen": self.chosen,
            "question": self.question,
            "fields": self.importer.fields,
            "columns": [*self._rows()],
            "as_read": self._words(),
            "notes": self.params.get("notes", ()),
            "sheets": self.params.get("sheets", ()),
        }

    def _rows(self) -> Sequence[ColumnRow]:
        if self.chosen is None:
            return ()
        names = [*(self.chosen.columns.data or ())]
        numbers = Counter(filter(None, names))
        samples = Table(self.job.id, self.params).sample(SAMPLES)
        found = []
        for at, name in enumerate(self.params["header"]):
            cells = [shortened(row[at], LONGEST) for row in samples if at < len(row)]
            field = names[at] if at < len(names) else ""
            found.append(ColumnRow(name, cells, field, is_twice=numbers[field] > 1))
        return found

    def _words(self) -> str:
        """How the file was read, in words."""
        form = self.params.get("form", {})
        if self.params.get("sheets"):
            return f"Sheet “{self.params.get('sheet')}” of a workbook"
        if not form:
            return ""
        sign = SIGNS.get(form["delimiter"], form["delimiter"]).lower()
        return f"{encoding_name(form['encoding'])}, separated by: {sign}"
