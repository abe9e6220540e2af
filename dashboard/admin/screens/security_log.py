"""The security log as a list that is only read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from dashboard.accounts.models import User
from dashboard.accounts.names import sees_all_accounts, visible_accounts
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.keeping import log_days
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.screen import Screen
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.contains import Contains
from dashboard.listing.filters import OneOf, Option
from dashboard.listing.ranges import Dates
from dashboard.listing.state import Listing
from dashboard.permissions import SECURITY_READ, Access, Permission
from dashboard.registry import kind_of
from dashboard.search.index import ColumnSearch
from dashboard.search.text_search import TextSearch
from dashboard.words import counted

OPTIONS = sorted((Option(event.value, event.label, event) for event in Event), key=lambda each: each.label)


def visible() -> list[ColumnElement[bool]]:
    """The conditions for events that the current user may see: about and by accounts that they see."""
    if sees_all_accounts():
        return []
    seen = select(User.id).where(*visible_accounts())
    both = (SecurityEvent.subject_id, SecurityEvent.actor_id)
    return [or_(number.is_(None), number.in_(seen)) for number in both]


def user_words(email: str, number: int | None) -> str | None:
    """A user as at the time of the event; by the number of the account once erased."""
    return email or (None if number is None else f"Account no. {number}")


def event_words(event: Event) -> str:
    """The words for an event."""
    return event.label


class SecurityLogView(Screen):
    """The security log: who logged in, was refused, or changed an account, when and from where."""

    singular = "event"
    usual_features = ()
    empty_title = "No events yet"
    search_placeholder = "Search user, address or device"
    listing = Listing(
        key=SecurityEvent.id,
        title=SecurityEvent.event,
        sort="-when",
        search=ColumnSearch(SecurityEvent.search_text),
        scope=visible,
        columns=(
            Column("event", "Event", (SecurityEvent.event,), show=event_words, sortable=False),
            Column(
                "user",
                "User",
                (SecurityEvent.subject, SecurityEvent.subject_id),
                show=user_words,
                sortable=False,
            ),
            Column(
                "by", "By", (SecurityEvent.actor, SecurityEvent.actor_id), show=user_words, sortable=False
            ),
            Column("when", "When", (SecurityEvent.at,), Kind.DATE),
            Column("address", "Address", (SecurityEvent.address,), sortable=False),
            Column("device", "Device", (SecurityEvent.device,), sortable=False),
            Column("times", "Times", (SecurityEvent.times,), Kind.NUMBER, sortable=False),
        ),
        facets=(
            OneOf("event", "Event", lambda: OPTIONS, SecurityEvent.event),
            Contains("user", "User", TextSearch((SecurityEvent.subject, SecurityEvent.actor))),
            Contains("address", "Address", TextSearch((SecurityEvent.address,))),
            Dates("when", "When", SecurityEvent.at),
        ),
    )

    def page(self, template: str, **context: Any) -> str:
        """A page without bulk actions."""
        return super().page(template, **{"bulk_actions": (), **context})

    @property
    def kind(self) -> str:
        """The kind of the rows, which have no history."""
        return kind_of(SecurityEvent)

    def permission(self, access: Access) -> Permission:  # noqa: ARG002 - it is only read
        """The permission to read the log."""
        return SECURITY_READ

    @property
    def empty_text(self) -> str:  # type: ignore[override]  # other screens say the same always
        """The purpose of the log, and for how long events stay in it."""
        return f"Logins and changes of accounts appear here for {counted(log_days(), 'day')}."

    def badge(self, record: SecurityEvent) -> Badge | None:
        """Whether something was refused."""
        return Badge("Refused", "warn") if record.event.is_refused else None

    def facts(self, record: SecurityEvent) -> Sequence[Fact]:
        """Everything that was logged."""
        last = [Fact("Last", record.last_at, Kind.DATE)] if record.times > 1 else []
        return (
            Fact("User", user_words(record.subject, record.subject_id)),
            Fact("By", user_words(record.actor, record.actor_id)),
            Fact("When", record.at, Kind.DATE),
            *last,
            Fact("Times", str(record.times), Kind.NUMBER),
            Fact("Address", record.address or None),
            Fact("Device", record.device or None),
            Fact("Request ID", record.request_id or None),
            *(Fact(name.capitalize(), fact_words(value)) for name, value in record.facts.items()),
        )


def fact_words(value: Any) -> str:
    """A fact of an event in words."""
    return str(value) if not isinstance(value, bool) else "Yes" if value else "No"
