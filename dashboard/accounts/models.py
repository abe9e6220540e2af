"""The tables of accounts, of their sessions, and of the browsers that they are known in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, String, Text, case, false
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from dashboard import clock
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.registry import recorded
from dashboard.search.following import follows, keep_following
from dashboard.search.keys import SortKey, sort_key
from dashboard.search.text import searchable

EMAIL_LENGTH = 254  # RFC 5321, the longest address that can be mailed
NAME_LENGTH = 100
START_LENGTH = 100
ROLE = Enum(
    Role, name="role", native_enum=False, create_constraint=True, values_callable=lambda roles: [*roles]
)


class State(StrEnum):
    """The state of an account; only an active one can be logged in to."""

    ACTIVE = "active"
    INVITED = "invited"
    DEACTIVATED = "deactivated"


@recorded(
    personal=True,
    email="Email",
    name="Name",
    role="Role",
    active="Active",
    created_at="Created",
    joined_at="Joined",
)
class User(db.Model):  # type: ignore[name-defined, misc]
    """An account. ``email`` is stored in lower case and identifies the user who logs in.

    ``password_hash`` is empty and ``joined_at`` None until an invited user has chosen a password.
    ``start`` is what opens after logging in, as `dashboard.listing.starts` has it, empty until it is chosen.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("ix_users_email_key_id", "email_key", "id"),
        Index("ix_users_name_key_id", "name_key", "id"),
        {"sqlite_autoincrement": True},  # the history identifies users by a number that is never reused
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(ROLE, default=Role.VIEWER)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)
    joined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    start: Mapped[str] = mapped_column(String(START_LENGTH), default="", server_default="")
    hides_first_steps: Mapped[bool] = mapped_column(default=False, server_default=false())
    email_key: Mapped[str] = follows(SortKey(), sort_key, "email")
    name_key: Mapped[str] = follows(SortKey(), sort_key, "name")
    search_text: Mapped[str] = follows(Text(), searchable, "email", "name")
    state: Mapped[str] = column_property(
        case(
            (active.is_(False), State.DEACTIVATED.value),
            (joined_at.is_(None), State.INVITED.value),
            else_=State.ACTIVE.value,
        )
    )

    sessions: Mapped[list[UserSession]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    is_authenticated = True
    is_anonymous = False
    token = None  # type: str | None
    """The token of the session through which this object was loaded; set on the instance, never stored."""

    def get_id(self) -> str | None:
        """Return the value for Flask-Login's signed cookie: the session's token, not the account's number."""
        return self.token

    @property
    def is_active(self) -> bool:
        """Whether the account is active, under the name that Flask-Login reads."""
        return self.active

    def __str__(self) -> str:
        return self.email


keep_following(User)


class UserSession(db.Model):  # type: ignore[name-defined, misc]
    """One logged-in browser. The row is the session: once it is deleted, every copy of its cookie is dead.

    ``token_hash`` is the SHA-256 (hex) of the 256 random bits in the cookie; the bits are not stored.
    ``proved_at`` is when its user last proved who they are; None in sessions from before that was noted.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (
        Index("ix_user_sessions_user_id_last_seen_at", "user_id", "last_seen_at"),
        {"sqlite_autoincrement": True},  # the id of an ended session must not be reused
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    address: Mapped[str] = mapped_column(String(45), default="")  # the longest textual IPv6 address
    user_agent: Mapped[str] = mapped_column(String(400), default="")

    user: Mapped[User] = relationship(back_populates="sessions", lazy="joined", innerjoin=True)


class BegunLogin(db.Model):  # type: ignore[name-defined, misc]
    """A browser whose user has still to prove a second factor: no session, so it opens nothing.

    ``token_hash`` is as in `UserSession`.
    """

    __tablename__ = "begun_logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class KnownDevice(db.Model):  # type: ignore[name-defined, misc]
    """A browser in which a user proved who they are, last at ``used_at``.

    ``token_hash`` is the SHA-256 (hex) of the token in its cookie. ``has_logged_in`` says that it was more
    than a reset or a proof. Once it is forgotten it is not ``is_known``; the row stays to tell that the user
    has logged in before.
    """

    __tablename__ = "known_devices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)
    has_logged_in: Mapped[bool]
    is_known: Mapped[bool] = mapped_column(default=True)
