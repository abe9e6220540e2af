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

from dashboard.accounts.uploads import takes_upload
from dashboard.admin.features.added_files import AddedFiles
from dashboard.admin.features.file_answer import file_answer
from dashboard.admin.features.sent_files import UPLOADS, accepted, help_words
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.pictures import SMALL, ShownFile, file_url, shown_files
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
    described,
    moved,
    removed,
)
from dashboard.files.lists import MOST_FILES, WORDS_LENGTH, Attached, Files
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import counted, singular

UNCHANGED = "Nothing was changed."
Set = Callable[[Any, str, Attached], None]


def list_of(record: Any, declared: Files) -> Attached:
    """The list of files that a record has now."""
    found: Attached | None = getattr(record, declared.field)
    return found or ()


def set_list(record: Any, name: str, new: Attached) -> None:
    """Give a record another list of files."""
    setattr(record, name, new)
    db.session.flush()


def sent_words(listed: Attached) -> tuple[dict[str, str], dict[str, str]]:
    """The words that a form sends for the files of a list, and those that they were typed over."""
    sent = request.form
    typed = {each.key: sent[f"words-{each.key}"] for each in listed if f"words-{each.key}" in sent}
    return typed, {key: sent.get(f"opened-{key}", "") for key in typed}


def typed_over(listed: Attached) -> dict[str, str]:
    """The words in the fields of a page: those that were typed but not saved, else those of now."""
    typed, opened = sent_words(listed)
    unsaved = {key: words for key, words in typed.items() if words != opened[key]}
    return {each.key: unsaved.get(each.key, each.words) for each in listed}


class RecordFiles(Feature[Screen]):
    """Records have files, in the columns that `declared` names.

    ``set_list`` gives a record another list, or raises Refusal.
    """

    keeps_records = ("upload_view",)
    uploads = {"create_view": UPLOADS}  # noqa: RUF012 - a declaration

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

    def lists_in(self, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Each list of files in the fields of a deleted record, as its page shows them.

        None where some of the records are hidden from the user: their files are as well.
        """
        for name, declared in self.declared.items() if self.screen.record.sees_all() else ():
            files = shown_files(self.screen.endpoint, values.get(name), are_pictures=declared.are_pictures)
            yield {"name": name, "label": self.label(declared), "files": files, "url": None}

    def shown(self, record: Any, declared: Files) -> list[ShownFile]:
        """The files of a record as a page shows them."""
        listed = list_of(record, declared)
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
            new, message = self.changed(list_of(record, declared), declared)
            return self.done(record, declared, new, message)
        except Refusal as refusal:
            db.session.rollback()
            record, declared = self.asked()
            return self.files_page(record, declared, refusal), 422

    def asked(self) -> tuple[Any, Files]:
        """The record that the request names, which the current user may change, and the list it names."""
        declared = self.asked_list()
        record = self.screen.get_or_404()
        if not self.screen.may_change(record):
            abort(403)
        return record, declared

    def asked_list(self) -> Files:
        """The list that the request names; otherwise the first one."""
        declared = self.declared.get(request.values.get("field", next(iter(self.declared))))
        return declared if declared is not None else abort(404)

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
            files=files,
            typed=typed_over(list_of(record, declared)),
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
        new = described(now, *sent_words(now))
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
        if new == list_of(record, declared):
            flash(UNCHANGED, "info")
            return redirect_to(address)
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
        added_files = AddedFiles(declared, self.screen.kind, current_user.id)
        new = added_files.of_form(len(list_of(record, declared)))
        begin_write(db.session)  # again, for storing ended the transaction, and what was read is old
        record, declared = self.asked()
        now = list_of(record, declared)
        unresolved, listed = None, now
        try:
            listed = described(now, *sent_words(now))  # a script sends along what was typed on the page
        except Refusal as refusal:
            unresolved = refusal
        try:
            listed = added(listed, new, declared)
        except Refusal as refusal:
            added_files.refused.append(str(refusal))
        if listed != now:
            self.set_list(record, declared.field, listed)
        self.tell(len(listed) - len(now), added_files.refused, declared)
        if unresolved is not None:
            return self.files_page(record, declared, unresolved), 422
        return redirect_to(self.address(record, declared))

    def tell(self, number: int, refused: Sequence[str], declared: Files) -> None:
        """Commit, and say how many files were added, and which were not."""
        message = f"{counted(number, self.noun(declared))} added."
        if number:
            offer_undo(message)
        db.session.commit()
        if number:
            flash(message, "success")
        elif not refused:
            flash("No file was added.", "warning")
        for sentence in refused:
            flash(sentence, "error")

    @route("/files/upload/", Access.WRITE, methods=("POST",))
    @takes_upload(UPLOADS)
    def upload_view(self) -> ResponseReturnValue:
        """Store one file for a script, which adds it to the list when all are there.

        The form of a new record has no record yet that the request could name.
        """
        declared = self.asked_list()
        if "id" in request.values or not self.screen.allows("create_view"):
            self.asked()
        sent = request.files.get("file")
        if sent is None:
            return jsonify(error="Choose a file first."), 422
        try:
            file = AddedFiles(declared, self.screen.kind, current_user.id).store(sent)
        except Refusal as refusal:
            db.session.rollback()
            return jsonify(error=str(refusal)), 422
        return jsonify(key=file.key, url=file_url(self.screen.endpoint, file.key, SMALL))

    # The bytes.

    @route("/file/", Access.READ)
    def file_view(self) -> ResponseReturnValue:
        """A part of a file, for those who may see a record that has or had it, and for who uploaded it."""
        return file_answer(self.screen, request.args.get("key", ""), request.args.get("part", ""))
