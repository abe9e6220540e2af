"""The migration that adds the search index of a kind of record, and why it cannot be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from string import Template
from tempfile import NamedTemporaryFile

import click
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from dashboard.database.migrating import is_newest, revisions_of
from dashboard.database.migration_files import Following, following
from dashboard.log_lines import escaped
from dashboard.plugins import Parts
from dashboard.registry import Record
from dashboard.search.kind_index import KindIndex, index_of
from dashboard.search.kind_state import State, state_of

TEMPLATE = Path(__file__).with_name("search_index_migration.txt")
TRIGRAM = "CREATE VIRTUAL TABLE tried USING fts5(text, tokenize='trigram')"
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"


def chosen(kind: str, records: Sequence[Record]) -> Record:
    """The kind of record that a command names, by its table or its address; ends with a line otherwise."""
    found = [record for record in records if record.kind == kind]
    found = found or [record for record in records if record.endpoint == kind]
    if found:
        return found[0]
    names = ", ".join(sorted(record.kind for record in records if record.searched is not None))
    raise click.ClickException(
        f"There is no kind of record {escaped(kind)} here. "
        + (f"There are: {names}." if names else "Name its plug-in in DASHBOARD_PLUGINS.")
    )


def planned_index(record: Record) -> KindIndex:
    """The index that a kind can have; ends with a line where it cannot have one."""
    if record.searched is None:
        raise click.ClickException(
            f"{record.kind} has a search of its own, or one in other records. No index can be added."
        )
    try:
        return index_of(record.model, record.searched)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def refuse_unneeded(index: KindIndex, connection: Connection, folders: Sequence[Path]) -> bool:
    """Return whether an index that is behind is made again; ends with a line where it cannot be added."""
    if not is_newest(revisions_of(connection), folders):
        raise click.ClickException("The database is not up to date; run first: dashboard db upgrade")
    there = inspect(connection)
    if not there.has_table(index.table.name, index.table.schema):
        raise click.ClickException(f"The database has no table {index.table}.")
    if index.table.name in there.get_view_names(index.table.schema):
        raise click.ClickException(f"{index.table} is a view, which has no index.")
    state = state_of(index, connection)
    if state is State.READY:
        raise click.ClickException(f"{index.table} has its search index already.")
    if state is State.TAKEN:
        raise click.ClickException(
            f"{index.name} is no search index; rename it to add one for {index.table}."
        )
    refuse_incapable(connection)
    return state is State.BEHIND


def refuse_incapable(connection: Connection) -> None:
    """End the command with a line where the database cannot have such an index."""
    if connection.dialect.name == "sqlite":
        if not knows_trigrams():
            raise click.ClickException(
                f"SQLite {sqlite3.sqlite_version} has no index of trigrams; take 3.34 or newer, with FTS5."
            )
        return
    try:
        with connection.begin_nested() as tried:
            connection.execute(text(EXTENSION))
            tried.rollback()
    except DBAPIError as error:
        raise click.ClickException(
            "The index needs the extension pg_trgm, which cannot be created here; have an administrator of "
            f"PostgreSQL run CREATE EXTENSION pg_trgm in this database ({_reason(error)})."
        ) from error


def knows_trigrams() -> bool:
    """Whether this SQLite has FTS5 with the tokenizer that makes trigrams."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(TRIGRAM)
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def folder_for(kind: str, parts: Parts | None, given: Path | None) -> Path:
    """The folder of migrations for a kind: that of its plug-in, or the one given; ends with a line else."""
    own = parts.folders if parts else []
    if given is not None:
        if own and given.resolve() not in [each.resolve() for each in own]:
            raise click.ClickException(f"The migrations of {kind} are in {', '.join(map(str, own))}.")
        return given
    if len(own) == 1:
        return own[0]
    if own:
        places = ", ".join(map(str, own))
        raise click.ClickException(
            f"{kind} has several folders of migrations; --folder chooses one: {places}"
        )
    raise click.ClickException(
        f"The plug-in of {kind} has no folder of migrations. Choose one with --folder FOLDER, and name it in "
        "console.migrations(FOLDER) of the plug-in."
    )


def write_migration(index: KindIndex, folder: Path, folders: Sequence[Path], *, again: bool) -> Path:
    """Write the migration into `folder`, which is made where there is none; ends with a line on failure."""
    pattern = f"*_search_of_{index.table.name}.py"
    is_known = folder.resolve() in [each.resolve() for each in folders]
    if not is_known and (there := sorted(folder.glob(pattern))):
        raise click.ClickException(
            f"{there[0]} adds the index already. Name the folder in console.migrations(…), then run: "
            "dashboard db upgrade"
        )
    try:
        is_new = not folder.exists()
        folder.mkdir(exist_ok=True)
        try:
            place = following(folder, folders, index.name[:25])
            return _written(folder / f"{place.revision}_search_of_{index.table.name}.py", place, index, again)
        except BaseException:
            if is_new:
                folder.rmdir()
            raise
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The folder {folder} cannot be written: {error.strerror}") from error


def _written(file: Path, place: Following, index: KindIndex, again: bool) -> Path:
    source = migration_text(place, index, again=again)
    with NamedTemporaryFile("w", dir=file.parent, prefix=".", encoding="utf-8", delete=False) as draft:
        try:
            draft.write(source)
            draft.close()
            Path(draft.name).chmod(0o644)
            Path(draft.name).rename(file)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return file


def migration_text(place: Following, index: KindIndex, *, again: bool) -> str:
    """The migration as a file has it; one that is made `again` drops what there is before."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        kind=index.table,
        columns=", ".join(column.name for column in index.columns),
        revision=repr(place.revision),
        down_revision=repr(place.down_revision),
        label=repr((place.label,) if place.label else None),
        again=again,
        sqlite=_listed(index.sqlite),
        sqlite_drop=_listed(index.sqlite_drop),
        postgresql=_listed(index.postgresql),
        postgresql_drop=_listed(index.postgresql_drop),
    )


def _listed(statements: Sequence[str]) -> str:
    lines = "".join(f"    {statement!r},\n" for statement in statements)
    return f"(\n{lines})" if lines else "()"


def _reason(error: DBAPIError) -> str:
    return escaped(" ".join(str(error.orig).split()))
