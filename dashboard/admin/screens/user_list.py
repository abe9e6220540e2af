"""The list of users: its columns, filters, search and file."""

from __future__ import annotations

from datetime import timedelta

from flask_login import current_user

from dashboard import clock
from dashboard.accounts.managing import grantable_roles
from dashboard.accounts.models import State, User
from dashboard.accounts.names import visible_accounts
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.filters import Choices, OneOf, Option
from dashboard.listing.ranges import Dates
from dashboard.listing.state import Listing
from dashboard.permissions import Role
from dashboard.search.index import ColumnSearch

QUIET_DAYS = 90
"""A user who was not seen for so long may have left."""
STATE_TONES = {State.ACTIVE: "ok", State.INVITED: "neutral", State.DEACTIVATED: "bad"}
ROLE_TONES = {Role.OWNER: "warn", Role.ADMIN: "ok", Role.EDITOR: "neutral", Role.VIEWER: "neutral"}


def role_badge(role: Role) -> Badge:
    """The word for a role, with its tint."""
    return Badge(role.capitalize(), ROLE_TONES[role])


def state_badge(state: str) -> Badge:
    """The word for the state of an account, with its tint."""
    return Badge(state.capitalize(), STATE_TONES[State(state)])


def role_options() -> list[Option]:
    """The options of the filter by role: the roles whose accounts the current user sees."""
    return [Option(r.value, r.capitalize(), r) for r in grantable_roles(current_user)]


def seen_options() -> list[Option]:
    """The options of the filter by the time when a user was last seen."""
    then = clock.now() - timedelta(days=QUIET_DAYS)
    return [
        Option("never", "Never", User.last_seen_at.is_(None)),
        Option("lately", f"In the last {QUIET_DAYS} days", User.last_seen_at >= then),
        Option("before", f"More than {QUIET_DAYS} days ago", User.last_seen_at < then),
    ]


STATE_OPTIONS = [Option(state.value, state.capitalize(), state.value) for state in State]
USERS = Listing(
    key=User.id,
    title=User.email,
    sort="-created",
    is_ranked=True,
    codes=(User.email,),
    search=ColumnSearch(User.search_text),
    scope=visible_accounts,
    counted=("state", "role"),
    counted_above="state",
    columns=(
        Column("email", "Email", (User.email,), sorted_by=User.email_key),
        Column("name", "Name", (User.name,), sorted_by=User.name_key),
        Column("role", "Role", (User.role,), Kind.BADGE, role_badge),
        Column("state", "State", (User.state,), Kind.BADGE, state_badge),
        Column("seen", "Last seen", (User.last_seen_at,), Kind.DATE),
        Column("created", "Created", (User.created_at,), Kind.DATE),
        Column("changed", "Last changed", (User.updated_at,), Kind.DATE, shown=False),
    ),
    facets=(
        OneOf("role", "Role", role_options, User.role),
        OneOf("state", "State", lambda: STATE_OPTIONS, User.state),
        Choices("seen", "Last seen", seen_options),
        Dates("created", "Created", User.created_at),
        Dates("changed", "Last changed", User.updated_at),
    ),
    further={"changed": None},
    export=(
        Column("email", "Email", (User.email,)),
        Column("name", "Name", (User.name,)),
        Column("role", "Role", (User.role,), plain=str),
        Column("active", "Active", (User.active,)),
        Column("last_seen_at", "Last seen", (User.last_seen_at,)),
        Column("created_at", "Created", (User.created_at,)),
    ),
)
