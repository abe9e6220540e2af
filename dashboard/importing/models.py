"""The rows of files that an import refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ForeignKey, Text, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.database.transactions import AnySession
from dashboard.extensions import db
from dashboard.sheets.neutralising import neutral

MOST_KEPT = 10_000
"""Refused rows that an import keeps: who has more mends the cause, and not the rows."""
ERROR = "Error"
USUAL, SEPARATORS = ",", (",", ";", "|")
"""Separators of columns; a file with tabs would not be called CSV."""
READ_AT_ONCE = 500


class RefusedRow(db.Model):  # type: ignore[name-defined, misc]
    """A row of a file that a job refused: its ``cells`` as JSON, and why in words."""

    __tablename__ = "refused_rows"

    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cells: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)


def keep_refused(session: AnySession | Connection, job_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Keep refused rows, each with ``number``, ``cells`` and ``reason``, as far as there is room."""
    if not rows:
        return
    its = select(func.count()).where(RefusedRow.job_id == job_id)
    room = MOST_KEPT - (session.scalar(its) or 0)
    kept = [
        {
            "job_id": job_id,
            "number": row["number"],
            "cells": json.dumps(row["cells"]),
            "reason": row["reason"],
        }
        for row in rows[: max(0, room)]
    ]
    if kept:
        session.execute(insert(RefusedRow.__table__), kept)


def forget_refused(session: AnySession | Connection, job_id: int) -> None:
    """Forget the refused rows of a job, which begins again."""
    session.execute(delete(RefusedRow.__table__).where(RefusedRow.job_id == job_id))


def first_refused(job_id: int, number: int) -> Sequence[tuple[int, str]]:
    """The numbers and reasons of the first refused rows of a job."""
    its = select(RefusedRow.number, RefusedRow.reason).where(RefusedRow.job_id == job_id)
    return [
        (row.number, row.reason) for row in db.session.execute(its.order_by(RefusedRow.number).limit(number))
    ]


def refused_file(job_id: int, params: Mapping[str, Any]) -> Iterator[str]:
    """The refused rows of a job as the text of a CSV file: their own columns, and one with the reason.

    `params` are those of the job. Columns are separated as in the file that was uploaded, so that the same
    spreadsheet opens it; by commas where that was no CSV file.

    It can be mended and uploaded again. Cells that a spreadsheet would take for formulas are neutralised.
    """
    header, separator = params.get("header", ()), params.get("form", {}).get("delimiter")
    line = partial(_line, separator if separator in SEPARATORS else USUAL)
    yield "\ufeff" + line([*header, _free_name(header)])
    after = 0
    its = select(RefusedRow.number, RefusedRow.cells, RefusedRow.reason).where(RefusedRow.job_id == job_id)
    while rows := db.session.execute(
        its.where(RefusedRow.number > after).order_by(RefusedRow.number).limit(READ_AT_ONCE)
    ).all():
        for row in rows:
            cells = json.loads(row.cells)[: len(header)]
            yield line([*map(neutral, cells), *[""] * (len(header) - len(cells)), row.reason])
        after = rows[-1].number


def _free_name(header: Sequence[str]) -> str:
    taken, name = {each.casefold() for each in header}, ERROR
    while name.casefold() in taken:
        name += "_"
    return name


def _line(separator: str, cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
