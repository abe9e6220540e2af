"""Drafts: the texts of forms that were sent after their session ended, stored for their user for a day.

A draft is not a record: it appears neither in the history nor in exports.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import ForeignKey, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.bounds import DRAFT_BYTES
from dashboard.database.locks import not_locked
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.web.forms import Fields

LASTS = timedelta(days=1)
PER_ACCOUNT = 20
PARAMETER = "draft"
"""The parameter of an address that names the draft to show in its form."""
HAS_DRAFTS = "drafts"
"""Set in a session whose user had drafts when it began; without it no page looks for drafts."""
BESIDES_FORM = (PARAMETER, "next")  # parameters that do not identify the form of an address


class FormDraft(db.Model):  # type: ignore[name-defined, misc]
    """The text that a user typed into the form at ``address``; ``fields`` is JSON, pairs of name and text."""

    __tablename__ = "form_drafts"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an old address must not name a newer draft

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Text)
    fields: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


def query_of_form(arguments: MultiDict[str, str]) -> str:
    """Return the part of a query that identifies the form: without the way back and the draft itself."""
    return urlencode(sorted(pair for pair in arguments.items(multi=True) if pair[0] not in BESIDES_FORM))


def address_of_form(path: str, arguments: MultiDict[str, str]) -> str:
    """Return a path with `query_of_form`: the same address however a user came to the form."""
    return f"{path}?{query_of_form(arguments)}".rstrip("?")


def store(user: User, address: str, fields: Fields) -> int | None:
    """Store `fields` as a draft of `user`, whose row has to be locked, and return its id.

    Return None where they are longer than ``DRAFT_BYTES``. Beyond ``PER_ACCOUNT`` the oldest drafts are
    deleted.
    """
    text = json.dumps([*fields.items(multi=True)], ensure_ascii=False)
    if len(text.encode()) > DRAFT_BYTES:
        return None
    draft = FormDraft(user_id=user.id, address=address, fields=text)
    db.session.add(draft)
    db.session.flush()
    newest = select(FormDraft.id).where(FormDraft.user_id == user.id).order_by(FormDraft.id.desc())
    db.session.execute(
        delete(FormDraft).where(FormDraft.user_id == user.id, FormDraft.id.not_in(newest.limit(PER_ACCOUNT)))
    )
    return draft.id


def find(user_id: int, key: int, address: str) -> Fields | None:
    """Return the fields of a draft if it belongs to this account and form and is not too old, else None."""
    its = (FormDraft.id == key, FormDraft.user_id == user_id, FormDraft.address == address)
    text = db.session.scalar(select(FormDraft.fields).where(*its, FormDraft.kept_at > _oldest()))
    return None if text is None else MultiDict((name, value) for name, value in json.loads(text))


def drafts_of(user_id: int) -> Mapping[str, int]:
    """Return the id of the newest draft of each form of an account, by the address of the form."""
    its = (FormDraft.user_id == user_id, FormDraft.kept_at > _oldest())
    query = select(FormDraft.address, FormDraft.id).where(*its).order_by(FormDraft.id)
    return {draft.address: draft.id for draft in db.session.execute(query)}


def discard(user_id: int, keys: Collection[int]) -> None:
    """Delete drafts of an account whose forms were saved."""
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == user_id, FormDraft.id.in_(keys)))


def discard_all(user_id: int) -> None:
    """Delete every draft of an account."""
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == user_id))


def sweep() -> None:
    """Delete the drafts of every account that are too old."""
    # Rows that another login is deleting at the moment are skipped, or one would wait for the other.
    old = not_locked(select(FormDraft.id).where(FormDraft.kept_at <= _oldest()))
    db.session.execute(delete(FormDraft).where(FormDraft.id.in_(old)))


def _oldest() -> datetime:
    return clock.now() - LASTS
