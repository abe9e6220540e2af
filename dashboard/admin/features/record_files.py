"""Files and pictures of records: the page where they are added, arranged, described and removed.

Every change is one of the list as it is at that moment, so that two users who add pictures at once both do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import abort, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from dashboard.accounts.uploads import takes_upload
from dashboard.admin.features.file_answer import file_answer
from dashboard.admin.features.sent_files import UPLOADS, accepted, help_words, too_many_words
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.pictures import ShownFile, file_url, shown_files
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.undo import offer_undo
from dashboard.admin.kit.urls import return_address
from dashboard.database.keys import key_text
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.changing import (
    EARLIER,
    LATER,
    REMOVE,
    added,
    arranged,
    clean_words,
    described,
    moved,
    removed,
)
from dashboard.files.lists import MOST_FILES, WORDS_LENGTH, Attached, AttachedFile, Files
from dashboard.files.models import StoredFile
from dashboard.files.storing import PARTS, store_upload
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import counted, singular

Set = Callable[[Any, str, Attached], None]


def set_list(record: Any, name: str, new: Attached) -> None:
    """Give a record another list of files."""
    setattr(record, name, new)
    db.session.flush()


class RecordFiles(Feature[Screen]):
    """Records have files, in the columns that `declared` names.

    ``set_list`` gives a record another list, or raises Refusal.
    """

    keeps_records = ("upload_view",)

    def __init__(self, *declared: Files, set_list: Set = set_list) -> None:
        self.declared = {each.field: each for each in declared}
        self.set_list = set_list

    # Parts of other pages.

    def on_record(self, record: Any) -> Mapping[str, Any]:
        """The files of a record, each list with the address where it is changed."""
        return {"file_lists": [*self.lists_of(record)]}

    def lists_of(self, record: Any) -> Iterator[Mapping[str, Any]]:
        """Each list of files as a page shows it."""
        may_change = self.screen.allows("files_view") and self.screen.may_change(record)
        for name, declared in self.declared.items():
            yield {
                "name": name,
                "label": self.label(declared),
                "files": self.shown(record, declared),
                "url": self.address(record, declared) if may_change else None,
            }

    def shown(self, record: Any, declared: Files) -> list[ShownFile]:
        """The files of a record as a page shows them."""
        listed = getattr(record, declared.field)
        return shown_files(self.screen.endpoint, listed, are_pictures=declared.are_pictures)

    def label(self, declared: Files) -> str:
        """The label of a list."""
        return self.screen.record.fields[declared.field]

    def address(self, record: Any, declared: Files, path: str = "files_view") -> str:
        """The address where the files of a record are changed."""
        key, back = self.screen.record.key_of(record), return_address(self.screen.urls.index)
        url = url_for(f"{self.screen.endpoint}.{path}", id=key_text(key), field=declared.field)
        return url if back == self.screen.urls.index else f"{url}&next={quote(back, safe='')}"

    # The page of one list.

    @route("/files/", Access.WRITE, methods=("GET", "POST"))
    def files_view(self) -> ResponseReturnValue:
        """The files of a record, which are described, arranged and removed here."""
        record, declared = self.asked()
        if request.method != WRITES:
            return self.files_page(record, declared)
        try:
            new, message = self.changed(getattr(record, declared.field) or (), declared)
            return self.done(record, declared, new, message)
        except Refusal as refusal:
            db.session.rollback()
            record, declared = self.asked()
            return self.files_page(record, declared, refusal), 422

    def asked(self) -> tuple[Any, Files]:
        """The record that the request names, which the current user may change, and the list it names.

        Without a name it is the first list.
        """
        declared = self.declared.get(request.values.get("field", next(iter(self.declared))))
        if declared is None:
            abort(404)
        record = self.screen.get_or_404()
        if not self.screen.may_change(record):
            abort(403)
        return record, declared

    def files_page(self, record: Any, declared: Files, refusal: Refusal | None = None) -> str:
        """The page of one list; after a refusal with what was typed."""
        form = ConsoleForm()
        if refusal is not None:
            form.add_error(str(refusal))
        screen = self.screen
        files = self.shown(record, declared)
        key = screen.record.key_of(record)
        urls = screen.urls.of_record(key, return_address(screen.urls.index))
        return screen.page(
            "admin/model/files.html",
            title=f"{self.label(declared)} of {screen.listing.name_of(record)}",
            label=self.label(declared),
            noun=self.noun(declared),
            declared=declared,
            files=files,
            opened={each.key: request.form.get(f"opened-{each.key}", each.words) for each in files},
            typed={each.key: request.form.get(f"words-{each.key}", each.words) for each in files},
            form=form,
            wrong=refusal.field if refusal else None,
            accept=accepted(declared),
            help=help_words(declared),
            longest=WORDS_LENGTH,
            add_url=self.address(record, declared, "add_files_view"),
            upload_url=self.address(record, declared, "upload_view"),
            change_url=self.address(record, declared),
            urls=urls,
        )

    def noun(self, declared: Files) -> str:
        """The noun for one file of a list."""
        return singular(self.label(declared).lower())

    def changed(self, now: Attached, declared: Files) -> tuple[Attached, str]:
        """The list as the form asks for it, and the message about that; raises Refusal."""
        keys = request.form.getlist("key")[:MOST_FILES]
        typed = {key: request.form.get(f"words-{key}", "") for key in keys}
        opened = {key: request.form.get(f"opened-{key}", "") for key in keys}
        new = described(now, typed, opened)
        noun, label = self.noun(declared), self.label(declared)
        if key := request.form.get(REMOVE):
            return removed(new, key), f"{noun.capitalize()} removed."
        for step in (EARLIER, LATER):
            if key := request.form.get(step):
                return moved(new, key, step), f"{noun.capitalize()} moved."
        return arranged(new, keys), f"{label} saved."

    def done(self, record: Any, declared: Files, new: Attached, message: str) -> ResponseReturnValue:
        """Change the list, and come back to its page with the message."""
        address = self.address(record, declared)
        if new != (getattr(record, declared.field) or ()):
            self.set_list(record, declared.field, new)
            offer_undo(message)
        db.session.commit()
        flash(message, "success")
        return redirect_to(address)

    # Adding.

    @route("/files/add/", Access.WRITE, methods=("GET", "POST"))
    @takes_upload(UPLOADS)
    def add_files_view(self) -> ResponseReturnValue:
        """Add the files that this form brings, and those that were uploaded before it.

        A GET is answered by the page of the form: that of a form which was too large is shown again.
        """
        record, declared = self.asked()
        if request.method != WRITES:
            return self.files_page(record, declared)
        address, user_id = self.address(record, declared), current_user.id
        sent = [each for each in request.files.getlist("file") if each.filename]
        refused: list[str] = []
        new = [*self.uploaded(request.form.getlist("key")[:MOST_FILES], user_id)]
        room = declared.max - len(getattr(record, declared.field) or ()) - len(new)
        if len(sent) > max(room, 0):
            refused.append(too_many_words(len(sent), max(room, 0), declared))
        new += self.stored(sent[: max(room, 0)], declared, user_id, refused)
        begin_write(db.session)  # again, for storing ended the transaction, and what was read is old
        record, declared = self.asked()
        if new:
            try:
                now: Attached = getattr(record, declared.field) or ()
                self.set_list(record, declared.field, added(now, new, declared))
            except Refusal as refusal:
                db.session.rollback()
                refused, new = [*refused, str(refusal)], []
        self.tell(new, refused, declared)
        return redirect_to(address)

    def stored(
        self, sent: Sequence[FileStorage], declared: Files, user_id: int, refused: list[str]
    ) -> Iterator[AttachedFile]:
        """Store files; those that are not taken are named in `refused`."""
        for each in sent:
            name = str(each.filename)
            try:
                file = store_upload(each.stream, name, declared, self.screen.kind, user_id)  # type: ignore[arg-type]
            except Refusal as refusal:
                refused.append(f"{clean_words(name)}: {refusal}")
            else:
                yield self.attached(file)

    def attached(self, file: StoredFile) -> AttachedFile:
        """A stored file as a list has it: pictures are described later, other files have their name."""
        return AttachedFile(file.key, "" if file.is_picture else file.name)

    def uploaded(self, keys: Sequence[str], user_id: int) -> Iterator[AttachedFile]:
        """Files that the current user uploaded for records of this kind, in the order of `keys`."""
        its = (
            StoredFile.key.in_(keys),
            StoredFile.record_kind == self.screen.kind,
            StoredFile.stored_by_id == user_id,
        )
        found = {file.key: file for file in db.session.scalars(select(StoredFile).where(*its))}
        return (self.attached(found[key]) for key in dict.fromkeys(keys) if key in found)

    def tell(self, new: Sequence[AttachedFile], refused: Sequence[str], declared: Files) -> None:
        """Commit, and say what was added and what was not."""
        message = f"{counted(len(new), self.noun(declared))} added."
        if new:
            offer_undo(message)
        db.session.commit()
        if new:
            flash(message, "success")
        elif not refused:
            flash("Choose a file first.", "warning")
        if refused:
            flash(" ".join(refused), "error")

    @route("/files/upload/", Access.WRITE, methods=("POST",))
    @takes_upload(UPLOADS)
    def upload_view(self) -> ResponseReturnValue:
        """Store one file for a script, which adds it to the list when all are there."""
        _, declared = self.asked()
        sent, user_id = request.files.get("file"), current_user.id
        if sent is None:
            return jsonify(error="Choose a file first."), 422
        try:
            file = store_upload(sent.stream, str(sent.filename), declared, self.screen.kind, user_id)  # type: ignore[arg-type]
        except Refusal as refusal:
            db.session.rollback()
            return jsonify(error=str(refusal)), 422
        return jsonify(key=file.key, url=file_url(self.screen.endpoint, file.key, PARTS[-2]))

    # The bytes.

    @route("/file/", Access.READ)
    def file_view(self) -> ResponseReturnValue:
        """A part of a file, for those who may see a record that has or had it, and for who uploaded it."""
        return file_answer(self.screen, request.args.get("key", ""), request.args.get("part", ""))
