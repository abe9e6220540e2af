"""The command that exports the records of a kind into a file, as the console does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.export import Export, history_of
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.screens import screens_of
from dashboard.cli.accounts import acting_account, as_option
from dashboard.cli.arguments import Text, not_empty
from dashboard.cli.environment import application
from dashboard.cli.following import bar
from dashboard.cli.replacing import output_to
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.database.url import sqlite_path
from dashboard.extensions import db
from dashboard.history.exports import ExportedFile
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.jobs.acting import acting_as
from dashboard.listing.columns import Column
from dashboard.listing.export import csv_lines, read_columns
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import ListState, read_state
from dashboard.log_lines import escaped
from dashboard.permissions import Access
from dashboard.private_files import private_files
from dashboard.refusal import Refusal
from dashboard.sheets.csv_text import BOM
from dashboard.sheets.writing import FORMATS, write_table
from dashboard.words import counted

NAME_LENGTH = 200
BINARY = {each.suffix: name for name, each in FORMATS.items() if name != "csv"}
NEEDS_ACCOUNT = "Who sees which {} depends on the account. Name the one that exports them with --as."


def export_options(command: Any) -> Any:
    """Add the argument and the options of an export to a command."""
    file = click.Path(dir_okay=False, writable=True, allow_dash=True)
    options = (
        click.argument("file", type=file, callback=not_empty),
        click.option("--bom", is_flag=True, help="Begin a CSV file with a byte order mark, for Excel."),
        as_option("exports"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("export")
@click.argument("kind", type=Text(NAME_LENGTH))
@export_options
def export_command(kind: str, file: str, bom: bool, email: str | None) -> None:
    """Write every record of a KIND, such as products, to FILE; ``-`` is standard output.

    The name of FILE says in which format: .csv, .xlsx or .jsonl; any other is CSV.
    """
    export_file(kind, file, bom=bom, email=email)


def export_file(kind: str, file: str, *, bom: bool, email: str | None) -> None:
    """Export a kind of record in the context of an application of its own; see `export_command`."""
    with application() as app:
        refuse_own_file(file, app.extensions["settings"])
        screen = _screen(app, kind)
        try:
            with acting_as(app, acting_account(email), "export") if email else nullcontext():
                number = _export(screen, file, bom=bom, is_acting=email is not None)
        except OSError as error:
            raise click.ClickException(f"{escaped(file)} cannot be written: {error.strerror}") from error
        except Refusal as refusal:
            raise click.ClickException(escaped(str(refusal))) from refusal
    click.echo(f"{counted(number, screen.singular)} written.", err=True)


def _screen(app: Flask, kind: str) -> Screen:
    known = {each.endpoint: each for each in screens_of(app) if each.feature(Export)}
    if kind not in known:
        raise click.ClickException(
            f"There is no kind {escaped(kind)}. There are: {', '.join(sorted(known))}."
        )
    return known[kind]


def _export(screen: Screen, file: str, *, bom: bool, is_acting: bool) -> int:
    record = screen.record
    if not is_acting and (record.personal or not record.sees_all()):
        raise Refusal(NEEDS_ACCOUNT.format(str(record.name).lower()))
    if is_acting and not screen.holds(Access.EXPORT):
        raise Refusal(f"This account may not export {str(record.name).lower()}.")
    rows = Told(screen)
    format_name = BINARY.get(Path(file).suffix.lower(), "csv")
    names = [column.name for column in screen.listing.export]
    if format_name != "csv":
        with rows.bar:
            write_table(format_name, Path(file), names, rows.values())
    else:
        with (
            click.open_file("-", "w", encoding="utf-8") if file == "-" else output_to(file) as output,
            rows.bar,
        ):
            output.write(BOM if bom else "")
            _write_lines(output, rows)
    _record(rows, ExportedFile(rows.done, FORMATS[format_name].label, names))
    return rows.done


def _write_lines(output: IO[str], rows: Told) -> None:
    for line in rows.lines():
        output.write(line)


def _record(rows: Told, file: ExportedFile) -> None:
    begin_write(db.session)
    describe(db.session, origin=Origin.COMMAND)
    rows.history.record(file, rows.keys)
    db.session.commit()


class Told:
    """The records of a list, whose number a bar shows while they are read."""

    def __init__(self, screen: Screen) -> None:
        self.listing = screen.listing
        self.state: ListState = read_state(self.listing, MultiDict())
        self.history = history_of(screen)
        self.keys, self.done, self.bar = list[Any](), 0, bar()
        total = ResultSet.of(db.session, self.listing, self.state).number
        self.task = self.bar.add_task("Exporting", total=total)

    def values(self) -> Iterator[Sequence[Any]]:
        """The values of each record."""
        key = Column("key", "Key", (self.listing.key,))
        columns = [*self.listing.export, key]
        for *batch, keys in read_columns(db.session, self.listing, self.state, columns):
            yield from zip(*batch, strict=True)
            self.keys += keys if self.history.keeps_keys else ()
            self._tell(len(keys))

    def lines(self) -> Iterator[str]:
        """The lines of a CSV file."""
        if self.history.keeps_keys:
            key = Column("key", "Key", (self.listing.key,))
            for [keys] in read_columns(db.session, self.listing, self.state, [key]):
                self.keys += keys
        for number, line in enumerate(csv_lines(db.session, self.listing, self.state)):
            yield line
            if number:  # the header is no record
                self._tell(1)

    def _tell(self, number: int) -> None:
        self.done += number
        self.bar.update(self.task, completed=self.done)


def refuse_own_file(file: str, settings: Settings) -> None:
    """End the command with one line if FILE is the console's database or key."""
    own = private_files(settings.instance, sqlite_path(settings.database_url))
    if Path(file).exists() and any(Path(file).samefile(each) for each in own):
        raise click.ClickException(f"{escaped(file)} belongs to the console. Choose another file.")
