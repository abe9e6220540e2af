"""The command that imports a file, as the pages of the console do: checked first, then by a job."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask import Flask

from dashboard.admin.features.importing import importer_of
from dashboard.admin.kit.screens import screens_of
from dashboard.cli.accounts import acting_account, as_option
from dashboard.cli.arguments import Text, not_empty
from dashboard.cli.environment import application
from dashboard.cli.following import follow
from dashboard.cli.replacing import output_to
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing.choices import BLANKS, BOTH, CLEAR, KEEP, MODES, Choices
from dashboard.importing.fields import Does, Importer
from dashboard.importing.flows import (
    ask_for_check,
    ask_for_import,
    recognised,
    result_of,
    upload,
    usual_choices,
)
from dashboard.importing.models import refused_file
from dashboard.importing.notation import DATES, NUMBERS
from dashboard.jobs.acting import acting_as
from dashboard.jobs.models import Job, State
from dashboard.log_lines import escaped
from dashboard.refusal import Refusal
from dashboard.sheets.delimiters import DELIMITERS

KEPT_OUT = "Nothing was imported. Correct the refused rows, or import the others with --good-rows."
NAME_LENGTH = 200
NOT_ALL = 1
"""The exit status where not every row went in."""


def import_options(command: Any) -> Any:
    """Add the options of an import to a command."""
    options = (
        click.argument("file", type=click.Path(exists=True, dir_okay=False), callback=not_empty),
        as_option("imports; else the first owner"),
        click.option(
            "--map",
            "mapped",
            multiple=True,
            type=Text(2 * NAME_LENGTH),
            help="COLUMN=FIELD; an empty FIELD leaves the column out. Others are matched by their names.",
        ),
        click.option(
            "--key", type=Text(NAME_LENGTH, may_be_empty=True), help="The field that finds records."
        ),
        click.option("--mode", type=click.Choice([*MODES]), default=BOTH, show_default=True),
        click.option("--blank", type=click.Choice([*BLANKS]), default=KEEP, show_default=True),
        click.option("--numbers", type=click.Choice([*NUMBERS]), help="How the file writes numbers."),
        click.option("--dates", type=click.Choice([*DATES]), help="The first part of a date."),
        click.option("--create-related", is_flag=True, help="Create records that others refer to by name."),
        click.option(
            "--encoding", type=Text(NAME_LENGTH), help="The encoding, where the file does not say it."
        ),
        click.option("--delimiter", type=click.Choice([*DELIMITERS]), help="The sign between two cells."),
        click.option("--sheet", type=Text(NAME_LENGTH), help="The sheet of a workbook; else the first."),
        click.option("--good-rows", is_flag=True, help="Import the good rows though others are refused."),
        click.option("--check", "only_check", is_flag=True, help="Say what each row would do, and stop."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("import")
@click.argument("kind", type=Text(NAME_LENGTH))
@import_options
def import_command(kind: str, **options: Any) -> None:
    """Import the rows of FILE as records of a KIND, such as products: all of them, or no row.

    FILE is a table, CSV or .xlsx, or a ZIP of a table and the files that its rows name.

    Exits with 0 only if every row went in. Refused rows go to a file beside FILE, with their reasons.
    """
    import_file(kind, **options)


def import_file(kind: str, *, file: str, email: str | None, **options: Any) -> None:
    """Import a file in the context of an application of its own; see `import_command`."""
    with application() as app:
        owner = acting_account(email)
        try:
            importer = _importer(app, kind, owner)
            check = _upload(app, kind, importer, owner, file, options)
            done = _check_and_import(app, importer, owner, check, file, options)
        except Refusal as refusal:
            raise click.ClickException(escaped(str(refusal))) from refusal
    sys.exit(0 if done else NOT_ALL)


def _importer(app: Flask, kind: str, owner: int) -> Importer:
    with acting_as(app, owner, "import"):
        return importer_of(screens_of(app), kind)


def _upload(
    app: Flask, kind: str, importer: Importer, owner: int, file: str, options: Mapping[str, Any]
) -> int:
    """Store the file and what its columns mean; returns the number of the job that is to check it."""
    with acting_as(app, owner, "import"):
        try:
            with Path(file).open("rb") as source:
                job = upload(kind, importer, owner, Path(file).name, source)
        except OSError as error:
            raise click.ClickException(f"{escaped(file)} cannot be read: {error.strerror}") from error
        db.session.commit()
        how = {name: options[name] for name in ("encoding", "delimiter", "sheet")}
        if question := recognised(job, **how):
            names = ", ".join(each.encoding for each in question.candidates)
            raise Refusal(f"The file does not say which encoding it has. Give one by --encoding: {names}.")
        db.session.commit()
        choices = _choices(job, importer, options)
        begin_write(db.session)
        ask_for_check(job.id, importer, choices)
        db.session.commit()
        return job.id


def _choices(job: Job, importer: Importer, options: Mapping[str, Any]) -> Choices:
    usual, header = usual_choices(job, importer), json.loads(job.params)["header"]
    columns = _mapped(importer, header, usual.columns, options["mapped"])
    keys = [each.name for each in importer.fields if each.is_key and each.name in columns]
    key = next(iter(keys), "") if options["key"] is None else _field(importer, options["key"])
    return Choices(
        columns=columns,
        key=key,
        mode=options["mode"],
        blank=CLEAR if options["blank"] == CLEAR else KEEP,
        numbers=options["numbers"] or usual.numbers,
        dates=options["dates"] or usual.dates,
        related=[each.name for each in importer.fields if each.can_create and options["create_related"]],
    )


def _mapped(
    importer: Importer, header: Sequence[str], columns: Sequence[str], mapped: Sequence[str]
) -> list[str]:
    found = [*columns]
    for pair in mapped:
        column, equals, name = pair.rpartition("=")
        if not equals or column not in header:
            raise Refusal(f"--map {pair}: the file has no column “{column or pair}”.")
        field = _field(importer, name)
        found = ["" if field and each == field else each for each in found]
        found[header.index(column)] = field
    return found


def _field(importer: Importer, name: str) -> str:
    """The name of a field that is called so; a blank stands for no field."""
    known = {text: each.name for each in importer.fields for text in (each.label, each.name)}
    if name and name not in known:
        names = ", ".join(each.name for each in importer.fields)
        raise Refusal(f"There is no field “{name}”. There are: {names}.")
    return known.get(name, "")


def _check_and_import(
    app: Flask, importer: Importer, owner: int, check: int, file: str, options: Mapping[str, Any]
) -> bool:
    """Check a file, and import it; returns whether every row went in."""
    job = follow(app, check, "Checking")
    click.echo(escaped(job.message), err=True)
    result = result_of(job)
    if job.state is not State.DONE or result is None:
        return False
    for warning in result.sentences:
        click.echo(escaped(warning), err=True)
    refused = result.counts[Does.REFUSE]
    if refused:
        _write_refused(check, file)
    if options["only_check"] or not result.writes:
        return not refused
    if refused and not options["good_rows"]:
        click.echo(KEPT_OUT, err=True)
        return False
    with acting_as(app, owner, "import"):
        begin_write(db.session)
        whole = not options["good_rows"]
        number = ask_for_import(check, importer, whole=whole, owner_id=owner)[0].id
        db.session.commit()
    job = follow(app, number, "Importing")
    click.echo(escaped(job.message), err=True)
    after = result_of(job)
    return job.state is State.DONE and after is not None and not after.counts[Does.REFUSE]


def _write_refused(check: int, file: str) -> None:
    """Write the refused rows into a file beside that of the import."""
    target = f"{Path(file).with_suffix('')}-refused.csv"
    params = json.loads(db.session.get_one(Job, check).params)
    try:
        with output_to(target) as output:
            output.writelines(refused_file(check, params))
    except OSError as error:
        raise click.ClickException(f"{escaped(target)} cannot be written: {error.strerror}") from error
    click.echo(f"The refused rows are in {escaped(target)}.", err=True)
