"""The table of an import as it was uploaded: by itself, or in a ZIP with the files that its rows name."""

from __future__ import annotations

import json
import tempfile

from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.storing import TOO_LARGE
from dashboard.importing.archive import read_archive
from dashboard.importing.files import GIVEN, UNPACKED, opened, store, stored_file
from dashboard.importing.table import import_limits
from dashboard.jobs.models import Job, JobFile
from dashboard.words import size_words

ARCHIVE = "archive"
"""The detail of a job that holds the path of the table in a ZIP."""


def unpack(job: Job) -> None:
    """Store the table of a ZIP beside it, and note its path there; nothing for any other file.

    Raises Refusal for a ZIP that is no import. Commits where it stores a table.
    """
    params = json.loads(job.params)
    if ARCHIVE in params:
        return
    limits = import_limits()
    archive = read_archive(opened(stored_file(job.id)), params["name"], limits)
    if archive is None:
        return
    table = archive.table()
    with tempfile.TemporaryFile() as copy:
        archive.copy(table, copy, limits.bytes, TOO_LARGE.format(size_words(limits.bytes)))
        copy.seek(0)
        store(job.id, f"{params['name']}.table", copy, limits, UNPACKED)
    begin_write(db.session)
    job.params = json.dumps({**params, ARCHIVE: table.path})
    db.session.commit()


def table_file(job: Job) -> JobFile:
    """The table as it was uploaded; raises Refusal where it is no longer kept."""
    return stored_file(job.id, UNPACKED if ARCHIVE in json.loads(job.params) else GIVEN)
