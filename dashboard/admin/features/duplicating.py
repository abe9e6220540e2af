"""New records that begin as copies of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, request
from sqlalchemy import inspect, select

from dashboard.admin.kit.gate import WRITES
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.urls import COPIED
from dashboard.database.indexes import is_unique
from dashboard.database.types import python_type
from dashboard.extensions import db
from dashboard.web.forms import provided_draft

MOST_TRIED = 50
"""Texts of which one that no record has yet is suggested; with more copies the field stays empty."""


def copied(screen: Screen) -> Any:
    """The record that the request for the form of a new one names, to begin with its values; None without.

    Answers 403 to users who may not see all that the form of the record has, and 404 where it does not exist.
    A form that was sent, or a draft of it, goes without: the record has been deleted since.
    """
    if COPIED not in request.args:
        return None
    if not (screen.allows("details_view") and screen.allows("edit_view")):
        abort(403)
    record = screen.get_one(request.args[COPIED], lock=False)
    if record is None and request.method != WRITES and provided_draft() is None:
        abort(404)
    if record is not None and not screen.may_change(record):
        abort(403)
    return record


def texts_of_copy(screen: Screen, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of a record for the form of a new one: a unique text gets a number, other unique ones go."""
    columns = inspect(screen.record.model).columns
    unique = {name for name in texts if name in columns and is_unique(columns[name])}
    return {name: free_text(columns[name], text) if name in unique else text for name, text in texts.items()}


def free_text(column: Any, text: str) -> str:
    """A text with the first number behind it, from 2, that no record has in a unique column.

    It is empty where the column holds no texts, and where all that are tried are taken.
    """
    if not text or python_type(column.type) is not str:
        return ""
    length, between = getattr(column.type, "length", None), " " if " " in text else "-"
    ends = [f"{between}{number}" for number in range(2, MOST_TRIED + 2)]
    tried = [text[: length and length - len(end)] + end for end in ends if not length or len(end) < length]
    taken = {*db.session.scalars(select(column).where(column.in_(tried)))}
    return next((each for each in tried if each not in taken), "")
