"""Exports as jobs: a file of a list in any format, made by a worker however long that takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

from dashboard import clock
from dashboard.admin.features.export_files import IN_ZIP, LEAVE_OUT, LINKS, ZippedFiles, link_columns
from dashboard.admin.features.export_history import ExportHistory
from dashboard.admin.features.export_zip import MEDIA_TYPE, zip_pieces
from dashboard.admin.kit.screen import Screen
from dashboard.database.transactions import begin_snapshot
from dashboard.extensions import db
from dashboard.history.exports import ExportedFile
from dashboard.importing.checking import Telling
from dashboard.jobs.files import FileWriter
from dashboard.jobs.run import Run
from dashboard.jobs.works import Work
from dashboard.listing.columns import Column
from dashboard.listing.export import read_columns
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import Listing, ListState, read_query
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.sheets.writing import FORMATS
from dashboard.words import counted

WORK = "export"
NO_SCREEN = "This console has no list called {} any more."
NOT_ALLOWED = "You may no longer export these records."
TOLD_EVERY = 0.5
"""Seconds between two notes of how far a file is; each is a write, which others wait for."""


def export_work(screens: Sequence[Screen], history_of: Callable[[Screen], ExportHistory]) -> Work:
    """The work of export jobs for the lists of `screens`, which may still grow.

    `history_of` gives what records the files of a screen in the history.
    """

    def do(run: Run) -> str:
        screen = next((each for each in screens if each.endpoint == run.params["screen"]), None)
        if screen is None:
            raise Refusal(NO_SCREEN.format(run.params["screen"]))
        if not screen.holds(Access.EXPORT):
            raise Refusal(NOT_ALLOWED)
        return exported(run, screen, history_of(screen))

    return Work(WORK, do, gives_files=True)


def exported(run: Run, screen: Screen, history: ExportHistory) -> str:
    """Make the file of an export job: the rows of one moment, all or none of them."""
    params = run.params
    listing = narrowed(screen.listing, params.get("keys"))
    chosen, how = FORMATS[params["format"]], params.get("files", LEAVE_OUT)
    zipped = ZippedFiles(screen, Telling(run)) if how == IN_ZIP else None
    columns = [*columns_of(listing, params["columns"]), *_file_columns(screen, how, zipped)]
    state, names = read_query(listing, params["query"]), [column.name for column in columns]
    begin_snapshot(db.session)
    rows = RowsTold(run, listing, state, columns, keeps_keys=history.keeps_keys)
    pieces: Iterator[bytes] = (piece.content for piece in chosen.pieces(names, rows))
    media_type, suffix, label = chosen.media_type, chosen.suffix, chosen.label
    if zipped is not None:
        pieces = zip_pieces(f"{screen.endpoint}{suffix}", pieces, zipped)
        media_type, suffix, label = MEDIA_TYPE, ".zip", f"{label} and files in a ZIP"
    file = FileWriter(run.job_id, f"{screen.endpoint}-{clock.now():%Y-%m-%d}{suffix}", media_type)
    for piece in pieces:
        if file.add(piece):
            with run.step_beside(done=rows.done, total=rows.total) as connection:
                file.write(connection)
    with run.step(done=rows.done, total=rows.done):
        file.write(db.session, is_last=True)
        its = ExportedFile(rows.done, label, names, state.query_string, "keys" in params)
        history.record(its, rows.keys)
    return f"{counted(rows.done, screen.singular)} written.{zipped.words() if zipped else ''}"


def _file_columns(screen: Screen, how: str, zipped: ZippedFiles | None) -> Sequence[Column]:
    """The columns with the files of records."""
    if zipped is not None:
        return zipped.columns()
    return link_columns(screen) if how == LINKS else ()


def narrowed(listing: Listing, keys: Sequence[str] | None) -> Listing:
    """The list with those of its records whose keys are among these texts; the same without any."""
    if keys is None:
        return listing
    its = [key for text in keys if (key := listing.read_key(text)) is not None]
    return replace(listing, scope=lambda: [*listing.scope(), listing.key.in_(its)], tally=None)


class RowsTold:
    """The rows of a list, while the job notes how many were read.

    ``keys`` are theirs where it `keeps_keys`: those of millions of rows would fill the memory.
    """

    def __init__(
        self, run: Run, listing: Listing, state: ListState, columns: Sequence[Column], *, keeps_keys: bool
    ) -> None:
        self.run, self.listing, self.state, self.keeps_keys = run, listing, state, keeps_keys
        self.columns = [*columns, Column("key", "Key", (listing.key,))]
        self.total, self.done = ResultSet.of(db.session, listing, state).number, 0
        self.keys: list[Any] = []

    def __iter__(self) -> Iterator[Sequence[Any]]:
        told_at = monotonic()
        for *batch, keys in read_columns(db.session, self.listing, self.state, self.columns):
            yield from zip(*batch, strict=True)
            if self.keeps_keys:
                self.keys += keys
            self.done += len(keys)
            if monotonic() - told_at > TOLD_EVERY:
                with self.run.step_beside(done=self.done, total=self.total):
                    told_at = monotonic()


def columns_of(listing: Listing, names: Sequence[str]) -> Sequence[Column]:
    """The columns of a file with these names, in the order that files have; all if these are gone."""
    return [column for column in listing.export if column.name in names] or listing.export
