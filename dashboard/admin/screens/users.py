"""The users screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.actions import action
from flask_login import current_user
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from dashboard import clock
from dashboard.accounts import flows
from dashboard.accounts.fields import person_name
from dashboard.accounts.models import NAME_LENGTH, User
from dashboard.accounts.register.forms import RegisterForm
from dashboard.accounts.sessions import sessions_of
from dashboard.admin.features.erasure import Erasure
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.selection import Chosen
from dashboard.admin.ledger.visibility import visible_accounts
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.counting import count_rows
from dashboard.listing.filters import Choices, Dates, OneOf, Option
from dashboard.listing.matching import Matching
from dashboard.listing.state import Listing, read_state
from dashboard.permissions import Permission, Role
from dashboard.search.index import ColumnSearch
from dashboard.web.forms import AtMost
from dashboard.words import counted

QUIET_DAYS = 90
"""Who was not here for so long may be somebody who left."""
ROLE_TONES = {Role.OWNER: "warn", Role.ADMIN: "ok", Role.EDITOR: "neutral", Role.VIEWER: "neutral"}


def role_badge(role: Role) -> Badge:
    """A role as a word with its tint."""
    return Badge(role.capitalize(), ROLE_TONES[role])


def state_badge(active: bool) -> Badge:
    """Whether an account may sign in, as a word with its tint."""
    return Badge("Active", "ok") if active else Badge("Deactivated", "bad")


def role_options() -> list[Option]:
    """The roles as options of a filter, as far as the person at hand sees accounts with them."""
    return [Option(r.value, r.capitalize(), r) for r in flows.grantable_roles(current_user)]


def seen_options() -> list[Option]:
    """When somebody was last here as options of a filter."""
    then = clock.now() - timedelta(days=QUIET_DAYS)
    return [
        Option("never", "Never", User.last_seen_at.is_(None)),
        Option("lately", f"In the last {QUIET_DAYS} days", User.last_seen_at >= then),
        Option("before", "Before that", User.last_seen_at < then),
    ]


STATE_OPTIONS = [Option("active", "Active", True), Option("deactivated", "Deactivated", False)]


class UserForm(RecordForm):
    """What can be changed of somebody else's account."""

    name = StringField("Name", [AtMost(NAME_LENGTH), person_name], render_kw={"maxlength": NAME_LENGTH})
    role = SelectField("Role", description="Each role may do everything that the one before it may.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [
            SelectChoice(r.value, r.capitalize()) for r in flows.grantable_roles(current_user)
        ]


class NewUserForm(RegisterForm, UserForm):
    """What a new account begins with; its owner is told the password and changes it in the profile."""


class UserView(SavedViews, Erasure):
    """Users: the people who may sign in."""

    singular = "account"
    empty_text = "Accounts are the people who may sign in."
    search_placeholder = "Search e-mail address or name"
    form_class = UserForm
    permissions = {  # noqa: RUF012 - a declaration
        "index_view": Permission.USERS_READ,
        "details_view": Permission.USERS_READ,
        "create_view": Permission.USERS_WRITE,
        "edit_view": Permission.USERS_WRITE,
        "editing_view": Permission.USERS_WRITE,
        "delete_view": Permission.USERS_WRITE,
        "erase_view": Permission.HISTORY_ERASE,
        "action_view": Permission.USERS_WRITE,
        "deactivate_view": Permission.USERS_WRITE,
        "reactivate_view": Permission.USERS_WRITE,
        "sign_out_view": Permission.USERS_WRITE,
        "export": Permission.USERS_EXPORT,
    }
    listing = Listing(
        key=User.id,
        title=User.email,
        sort="-created",
        search=ColumnSearch(User.search_text),
        scope=visible_accounts,
        columns=(
            Column("email", "E-mail address", (User.email,), sorted_by=User.email_key),
            Column("name", "Name", (User.name,), sorted_by=User.name_key),
            Column("role", "Role", (User.role,), Kind.BADGE, role_badge),
            Column("state", "State", (User.active,), Kind.BADGE, state_badge),
            Column("seen", "Last seen", (User.last_seen_at,), Kind.DATE),
            Column("created", "Created", (User.created_at,), Kind.DATE),
            Column("changed", "Last changed", (User.updated_at,), Kind.DATE, shown=False),
        ),
        facets=(
            OneOf("role", "Role", role_options, User.role),
            OneOf("state", "State", lambda: STATE_OPTIONS, User.active),
            Choices("seen", "Last seen", seen_options),
            Dates("created", "Created", User.created_at),
        ),
        export=(
            Column("email", "E-mail address", (User.email,)),
            Column("name", "Name", (User.name,)),
            Column("role", "Role", (User.role,), plain=str),
            Column("active", "Active", (User.active,)),
            Column("last_seen_at", "Last seen", (User.last_seen_at,)),
            Column("created_at", "Created", (User.created_at,)),
        ),
    )

    def begin(self, name: str) -> None:
        """Begin the writing transaction, after any other change of accounts."""
        if name == "create_view":
            return  # `create` begins it after the slow check and hashing of the password
        super().begin(name)
        if name != "editing_view":
            flows.manage_accounts()

    def create_form_class(self) -> type[NewUserForm]:
        """A new account needs an address and a password besides."""
        return NewUserForm

    def create(self, form: NewUserForm) -> User:
        """Add the account of a valid form."""
        role = Role(form.role.data)

        def begin() -> None:
            super(UserView, self).begin("create_view")
            flows.manage_accounts()
            # The role may have changed since the gate checked it.
            may_create = current_user.active and self.allows("create_view")
            if not may_create or role not in flows.grantable_roles(current_user):
                abort(403)

        return flows.create_account(
            form.email.data, form.password.data, role=role, name=form.name.data or "", begin=begin
        )

    def update(self, record: User, form: UserForm) -> None:
        """Change name and role to a valid form."""
        flows.change_account(current_user, record, name=form.name.data or "", role=Role(form.role.data))

    def remove(self, records: Sequence[User]) -> int:
        """Delete accounts."""
        return flows.delete_accounts(current_user, records)

    def form_values(self, record: User) -> Mapping[str, str]:
        """An account as its form holds it."""
        return {"name": record.name, "role": record.role.value}

    def name_of(self, record: User) -> str:
        """An account by its address."""
        return f"Account {record.email}"

    def facts(self, record: User) -> Sequence[Fact]:
        """An account in full."""
        return (
            Fact("Name", record.name or None),
            Fact("Role", role_badge(record.role), Kind.BADGE),
            Fact("Last seen", record.last_seen_at, Kind.DATE),
            Fact("Sessions", str(len(sessions_of(record))), Kind.NUMBER),
            Fact("Created", record.created_at, Kind.DATE),
            Fact("Last changed", record.updated_at, Kind.DATE),
        )

    def badge(self, record: User) -> Badge:
        """Whether the account may sign in."""
        return state_badge(record.active)

    def may_change(self, record: User) -> bool:
        """Nobody changes themselves here, nor somebody above them."""
        return flows.may_manage(current_user, record)

    def locked_ids(self) -> frozenset[int]:
        """One's own account is changed in the profile."""
        return frozenset({current_user.id})

    def record_actions(self, record: User) -> Sequence[RecordAction]:
        """Shut out or let in, and sign out."""
        if not self.may_change(record):
            return ()
        verb, name = ("Deactivate", "deactivate_view") if record.active else ("Reactivate", "reactivate_view")
        return (
            RecordAction(verb, url_for(f".{name}", id=record.id)),
            RecordAction("Sign out everywhere", url_for(".sign_out_view", id=record.id)),
        )

    def deletion_consequence(self, records: Sequence[User]) -> str:  # noqa: ARG002
        """What deleting an account means."""
        return "The person is signed out at once and cannot sign in again. This cannot be undone."

    def page(self, template: str, **context: Any) -> str:
        """Tell the rules for passwords where one is asked for."""
        minimum = current_app.extensions["settings"].password_min_length
        return super().page(template, password_min_length=minimum, **context)

    def make_export(self) -> Response:
        """The file, once the history says whose data leaves the console."""
        if request.method == "GET":  # HEAD asks for no data of anybody
            begin_write(db.session)
            state = read_state(self.listing, request.args)
            matching = Matching(db.session, self.listing, state, count_rows(db.session, self.listing, state))
            for keys in matching.slices():
                flows.record_export(keys)
            db.session.commit()
            # Whose role decides which rows are written, after the session of this request has ended.
            db.session.refresh(current_user._get_current_object())
        return super().make_export()

    @expose("/deactivate/", methods=("GET", "POST"))
    def deactivate_view(self) -> ResponseReturnValue:
        """Shut somebody out."""
        return self._ask_or_do(
            "Deactivate",
            "The person is signed out at once and cannot sign in until reactivated.",
            self.deactivate,
        )

    @expose("/reactivate/", methods=("GET", "POST"))
    def reactivate_view(self) -> ResponseReturnValue:
        """Let somebody in again."""
        return self._ask_or_do("Reactivate", "The person can sign in again.", self.reactivate)

    @expose("/sign-out/", methods=("GET", "POST"))
    def sign_out_view(self) -> ResponseReturnValue:
        """End every session of somebody."""
        return self._ask_or_do(
            "Sign out", "Every browser in which the person is signed in is signed out at once.", self.sign_out
        )

    def _ask_or_do(self, verb: str, consequence: str, change: Callable[[Chosen], str]) -> ResponseReturnValue:
        return self.ask_or_do(lambda record: Confirmation(f"{verb} {record}?", consequence, verb), change)

    def sign_out(self, chosen: Chosen) -> str:
        """End every session of people."""
        return f"{self._do(flows.sign_out_everywhere, chosen)} signed out everywhere."

    @action("deactivate", "Deactivate")
    def deactivate(self, chosen: Chosen) -> str:
        """Shut people out."""
        return f"{self._do(flows.deactivate_accounts, chosen)} deactivated."

    @action("reactivate", "Reactivate")
    def reactivate(self, chosen: Chosen) -> str:
        """Let people in again."""
        return f"{self._do(flows.reactivate_accounts, chosen)} reactivated."

    @action("delete", "Delete")
    def action_delete(self, chosen: Chosen) -> str:
        """Delete accounts."""
        return f"{counted(sum(map(self.remove, chosen.slices())), self.singular)} deleted."

    def _do(self, flow: Callable[[User, Sequence[User]], int], chosen: Chosen) -> str:
        """Let `flow` change accounts; returns how messages name them: one by address, several by number."""
        one = f"Account {chosen.names(1)[0]}" if chosen.number == 1 else ""
        for records in chosen.slices():
            flow(current_user, records)
        return one or counted(chosen.number, self.singular)
