"""One-time links: whoever holds one chooses the password of an account, or changes its email, once.

A link is a row. Using it deletes the row, so that it works once even when two requests use it at the same
moment. The row holds only a hash: nobody who reads the database can use a link.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard import clock
from dashboard.accounts.models import EMAIL_LENGTH, User
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.tokens import TOKEN_BYTES, hash_token
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.mail.outbox import cancel, cancel_issued_by

PARAMETER = "token"
"""The parameter of the token in the address of a link; the log of errors has paths without parameters."""


class Purpose(StrEnum):
    """The purposes of one-time links."""

    INVITATION = "invitation"
    RESET = "reset"
    EMAIL = "email"


LASTS = {
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RESET: timedelta(hours=24),
    Purpose.EMAIL: timedelta(hours=24),
}
"""How long a link works. It may be handed over by a person, who may be asked for it outside working hours."""


class OneTimeLink(db.Model):  # type: ignore[name-defined, misc]
    """A link for one account and one ``purpose``; ``token_hash`` is the SHA-256 (hex) of its token.

    ``issued_by_id`` is the user who issued it, None for the command line. ``address`` is the new email of a
    link that changes it.
    """

    __tablename__ = "one_time_links"
    __table_args__ = (UniqueConstraint("user_id", "purpose"),)  # a new link replaces the one before

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose] = mapped_column(
        Enum(Purpose, native_enum=False, length=20, values_callable=lambda words: [*words])
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True, foreign_keys=[user_id])


def issue(user: User, purpose: Purpose, by: User | None, *, address: str | None = None) -> str:
    """Return the token of a new link: 256 random bits. An earlier link of this purpose stops working.

    `by` is the user who issues it, None for the command line and for the user of the account. `address` is
    the new email of a link that changes it.

    The account has to be locked, so that two requests do not issue a link at the same moment.
    """
    db.session.execute(
        delete(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.purpose == purpose)
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = clock.now() + LASTS[purpose]
    link = OneTimeLink(user_id=user.id, purpose=purpose, token_hash=hash_token(token), expires_at=expires_at)
    link.issued_by_id, link.address = by.id if by else None, address
    db.session.add(link)
    db.session.flush()
    log_event(Event.LINK_CREATED, user, by=by, purpose=purpose.value)
    return token


def find_link(token: str, purpose: Purpose) -> OneTimeLink | None:
    """Return the link with this token; None if it is unknown, used or expired, or its account deactivated."""
    its = (OneTimeLink.token_hash == hash_token(token), OneTimeLink.purpose == purpose)
    link: OneTimeLink | None = db.session.scalar(select(OneTimeLink).where(*its))
    return link if link and link.expires_at > clock.now() and link.user.active else None


def use_up(user: User, token: str, purpose: Purpose) -> bool:
    """Delete the link of a locked account; returns whether this call did, for another may be faster."""
    its = (OneTimeLink.user_id == user.id, OneTimeLink.purpose == purpose)
    used = delete(OneTimeLink).where(*its, OneTimeLink.token_hash == hash_token(token))
    used = used.where(OneTimeLink.expires_at > clock.now())
    return bool(db.session.execute(used).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def end_links(user: User, *purposes: Purpose) -> None:
    """Make the links of an account useless, also those still to be sent; of all purposes by default."""
    which = purposes or tuple(Purpose)
    its = (OneTimeLink.user_id == user.id, OneTimeLink.purpose.in_(which))
    db.session.execute(delete(OneTimeLink).where(*its))
    cancel(user.id, which)


def end_links_issued_by(user: User) -> None:
    """Make the links that a user issued useless, where the user lost the right to issue them."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.issued_by_id == user.id))
    cancel_issued_by(user.id)


def expiry(user: User, purpose: Purpose) -> datetime | None:
    """Return when the link of an account stops working; None where no link works."""
    its = (OneTimeLink.user_id == user.id, OneTimeLink.purpose == purpose)
    at: datetime | None = db.session.scalar(select(OneTimeLink.expires_at).where(*its))
    return at if at and at > clock.now() else None
