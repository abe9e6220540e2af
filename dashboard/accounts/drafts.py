"""What was typed into forms of sessions that had ended: kept for its account alone, a day at the most.

A draft is no record: the history and the exports know nothing of it.
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
from dashboard.database import UTCDateTime
from dashboard.extensions import db
from dashboard.forms import Fields

LASTS = timedelta(days=1)
PER_ACCOUNT = 20
NAMED = "draft"
"""The parameter of an address that names the draft which its form shows."""
WAITING = "drafts"
"""Set in the session of an account that had drafts when it began; without it no page looks for any."""
NO_PART = (NAMED, "next")  # of what a form is about


class FormDraft(db.Model):  # type: ignore[name-defined, misc]
    """What an account typed into the form at ``address``; ``fields`` is JSON, pairs of name and text."""

    __tablename__ = "form_drafts"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an old address must not name a newer draft

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Text)
    fields: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


def address_of_form(path: str, arguments: MultiDict[str, str]) -> str:
    """What a form is about: its path and the query, without the way back and the draft itself."""
    about = sorted(pair for pair in arguments.items(multi=True) if pair[0] not in NO_PART)
    return f"{path}?{urlencode(about)}" if about else path


def keep(user: User, address: str, fields: Fields) -> int | None:
    """Keep what was typed for `user`, whose row has to be locked, and return the number of the draft.

    None where it is longer than ``DRAFT_BYTES``. The oldest make room.
    """
    text = json.dumps([*fields.items(multi=True)], ensure_ascii=False)
    if len(text.encode()) > DRAFT_BYTES:
        return None
    draft = FormDraft(user_id=user.id, address=address, fields=text)
    db.session.add(draft)
    db.session.flush()
    newest = select(FormDraft.id).where(FormDraft.user_id == user.id).order_by(FormDraft.id.desc())
    stays = FormDraft.id.in_(newest.limit(PER_ACCOUNT))
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == user.id, ~stays))
    return draft.id


def find(user_id: int, key: int, address: str) -> Fields | None:
    """The fields of a draft, if it is of this account and of the form at `address`, and not too old."""
    its = (FormDraft.id == key, FormDraft.user_id == user_id, FormDraft.address == address)
    text = db.session.scalar(select(FormDraft.fields).where(*its, FormDraft.kept_at > _oldest()))
    return None if text is None else MultiDict((name, value) for name, value in json.loads(text))


def drafts_of(user_id: int) -> Mapping[str, int]:
    """The numbers of the drafts of an account by the addresses of their forms, the newest of each."""
    its = (FormDraft.user_id == user_id, FormDraft.kept_at > _oldest())
    query = select(FormDraft.address, FormDraft.id).where(*its).order_by(FormDraft.id)
    return {draft.address: draft.id for draft in db.session.execute(query)}


def discard(user_id: int, keys: Collection[int]) -> None:
    """Forget drafts of an account that were saved."""
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == user_id, FormDraft.id.in_(keys)))


def discard_all(user_id: int) -> None:
    """Forget every draft of an account."""
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == user_id))


def sweep() -> None:
    """Forget the drafts that are too old, of every account, but for those that another sweep forgets."""
    old = select(FormDraft.id).where(FormDraft.kept_at <= _oldest()).with_for_update(skip_locked=True)
    db.session.execute(delete(FormDraft).where(FormDraft.id.in_(old)))


def _oldest() -> datetime:
    return clock.now() - LASTS
