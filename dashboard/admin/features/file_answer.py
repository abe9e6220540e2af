"""The bytes of files of records, for those who may see a record that has them."""

from __future__ import annotations

from flask import Response, abort
from flask_login import current_user
from sqlalchemy import select

from dashboard.admin.kit.screen import Screen
from dashboard.extensions import db
from dashboard.files.models import FileUse, StoredFile
from dashboard.files.storing import PARTS, WHOLE, is_file_key, read_part
from dashboard.web.downloads import as_download

FOR_EVER = "private, max-age=31536000, immutable"
"""A file never changes, and only who may see its record gets it."""
SANDBOX = "default-src 'none'; sandbox"
MOST_ASKED = 100
"""Records of a file of which one has to be visible to a user who does not see all of them."""


def file_answer(screen: Screen, key: str, part: str) -> Response:
    """Return a part of a file of the records of a screen.

    Answers 404 where there is none, and to users who may see no record that has or had it; who uploaded a
    file sees it before a record has it.
    """
    if not is_file_key(key):
        abort(404)
    file: StoredFile | None = db.session.scalar(select(StoredFile).where(StoredFile.key == key))
    if file is None or part not in PARTS or (part == WHOLE) is file.is_picture:
        abort(404)
    if file.record_kind != screen.kind or not _is_seen(screen, file):
        abort(404)
    headers = {"Cache-Control": FOR_EVER, "Content-Security-Policy": SANDBOX}
    answer = Response(read_part(file, part), mimetype=file.media_type, headers=headers)
    if not file.is_picture:
        as_download(answer, file.name)
    return answer


def _is_seen(screen: Screen, file: StoredFile) -> bool:
    its = select(FileUse.record_key).where(FileUse.file_id == file.id).limit(MOST_ASKED)
    keys = [*db.session.scalars(its)]
    if not keys:
        return bool(file.stored_by_id == current_user.id)
    if screen.record.sees_all():
        return True
    return any(screen.get_one(key, lock=False) is not None for key in keys)
