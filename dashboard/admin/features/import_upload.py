"""Taking the file of an import."""

from __future__ import annotations

import json

from flask_login import current_user

from dashboard.admin.features.import_forms import UploadForm
from dashboard.bounds import BODY_FIELDS, PASTED
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing.fields import Importer
from dashboard.importing.files import give_up
from dashboard.importing.flows import recognised, upload
from dashboard.importing.table import import_limits
from dashboard.jobs.models import Job
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.words import listed, size_words

MOST_COLUMNS = BODY_FIELDS - 100
"""The form about the columns has a field for each, and some others."""
TAB = "\t"


def uploaded(screen: str, importer: Importer, form: UploadForm) -> Job:
    """Store what a valid form brought, as the draft of an import; raises Refusal where it is no table.

    Commits. A file that is refused is let go.
    """
    name, source = form.source
    job = upload(screen, importer, current_user.id, name, source)
    db.session.commit()
    pasted = {"encoding": "utf-8", **({"delimiter": TAB} if TAB in (form.text.data or "") else {})}
    try:
        recognised(job, **(pasted if form.is_pasted else {}))
        refuse_many_columns(job)
    except Refusal as refusal:
        begin_write(db.session)
        give_up(job, str(refusal))
        raise
    db.session.commit()
    return job


def refuse_many_columns(job: Job) -> None:
    """Raise Refusal for a file with more columns than a form can ask about."""
    number = len(json.loads(job.params).get("header", ()))
    if number > MOST_COLUMNS:
        raise Refusal(
            f"This file has {number_words(number)} columns. "
            f"Pages can ask about {number_words(MOST_COLUMNS)} at most."
        )


def _size() -> str:
    return size_words(import_limits().bytes)


def limit_words() -> str:
    """The limits of a file in a sentence."""
    limits = import_limits()
    rows, columns = number_words(limits.rows), number_words(min(limits.columns, MOST_COLUMNS))
    return f"At most {_size()}, {rows} rows and {columns} columns."


def file_words(importer: Importer) -> str:
    """The way to import files, in a sentence; blank where the records have no lists of files."""
    labels = [each.label.lower() for each in importer.fields if each.files is not None]
    if not labels:
        return ""
    return f"To import {listed(labels)} too, upload a ZIP of the table and the files that its rows name."


def too_large_words() -> str:
    """The sentence about a form that is too large."""
    most = f"Use at most {_size()} for a file, and {number_words(PASTED)} characters for pasted rows."
    return f"Nothing was uploaded. {most}"
