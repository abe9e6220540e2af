"""The users screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from flask_login import current_user

from dashboard.accounts import managing
from dashboard.accounts.models import State, User
from dashboard.accounts.names import sees_all_accounts, visible_accounts
from dashboard.accounts.reverting import AccountReverting
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.security_log.keeping import erase_from_log
from dashboard.accounts.sessions import sessions_of
from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.features.deletion import Delete
from dashboard.admin.features.erasure import Erasure
from dashboard.admin.features.export import Export
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import History
from dashboard.admin.kit.asking import ask_or_do
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Selection
from dashboard.admin.kit.wording import outcome_words
from dashboard.admin.ledger.changes_by import changes_by
from dashboard.admin.screens.user_factors import SecondFactors, factor_actions, factor_fact
from dashboard.admin.screens.user_forms import NewUserForm, UserForm
from dashboard.admin.screens.user_links import (
    InviteUsers,
    OneTimeLinks,
    add_user,
    invite_context,
    joining,
    links_of,
    mails_of,
)
from dashboard.admin.screens.user_list import USERS, role_badge, state_badge
from dashboard.listing.columns import Badge, Kind
from dashboard.listing.result_set import SLICE
from dashboard.permissions import Access, Role
from dashboard.registry import Record

LOGS_OUT = "This logs the user out immediately. They can't log in again. This cannot be undone."
ACTIVE_DEEDS = {False: "deactivated {}", True: "reactivated {}"}
REVOKES = "This revokes the invitation: its link stops working. This cannot be undone."


def save_user(record: User, form: UserForm) -> None:
    """Change name and role to a valid form."""
    managing.change_account(current_user, record, name=form.name.data or "", role=Role(form.role.data))


def user_values(record: User) -> Mapping[str, str]:
    """The values of an account as its form holds them."""
    return {"name": record.name, "role": record.role.value}


def remove_users(records: Sequence[User]) -> int:
    """Delete accounts."""
    return managing.delete_accounts(current_user, records)


def record_exported(keys: Sequence[int]) -> None:
    """Record in the history and in the security log whose data a file holds."""
    for at in range(0, len(keys), SLICE):
        managing.record_export(keys[at : at + SLICE])
    log_event(Event.PEOPLE_EXPORTED, number=len(keys))


class UserView(Screen):
    """Users: the people who can log in."""

    singular = "account"
    new_label = "Invite user"
    create_template = "admin/users/invite.html"
    edit_template = "admin/users/edit.html"
    empty_text = "People who can log in."
    search_placeholder = "Search email or name"
    listing = USERS
    reverting = AccountReverting()
    needs_proof = True
    roles = dict.fromkeys((Access.READ, Access.WRITE, Access.EXPORT), Role.ADMIN)
    features = (
        SavedViews(),
        BulkActions(),
        InviteUsers(
            UserForm,
            new_form=NewUserForm,
            create=add_user,
            update=save_user,
            values=user_values,
            context=invite_context,
        ),
        Delete(
            remove_users,
            consequence=lambda user: REVOKES if user.state == State.INVITED else LOGS_OUT,
        ),
        OneTimeLinks(),
        SecondFactors(),
        Erasure(also=erase_from_log),
        History(),
        Export(record=record_exported),
    )

    @cached_property
    def record(self) -> Record:
        """The record of accounts: who sees them; without passwords they cannot be restored."""
        return replace(
            super().record,
            scope=visible_accounts,
            sees_all=sees_all_accounts,
            quoted=False,
            can_restore=False,
        )

    def begin(self, name: str) -> None:
        """Begin the writing transaction, after any other change of accounts."""
        super().begin(name)
        if name != "editing_view":
            managing.manage_accounts()

    def name_of(self, record: User) -> str:
        """An account by its email."""
        return f"Account {record.email}"

    def facts(self, record: User) -> Sequence[Fact]:
        """All facts of an account."""
        return (
            Fact("Name", record.name or None),
            Fact("Role", role_badge(record.role), Kind.BADGE),
            Fact("Last seen", record.last_seen_at, Kind.DATE),
            Fact("Sessions", str(len(sessions_of(record))), Kind.NUMBER),
            factor_fact(record),
            Fact("Created", record.created_at, Kind.DATE),
            joining(record),
            *mails_of(record),
            Fact("Last changed", record.updated_at, Kind.DATE),
            Fact("Changes by this user", changes_by(record.id)),
        )

    def badge(self, record: User) -> Badge:
        """The state of the account."""
        return state_badge(record.state)

    def may_change(self, record: User) -> bool:
        """Users change neither their own account here, nor one of a role above theirs."""
        return managing.may_manage(current_user, record)

    def locked_ids(self) -> frozenset[int]:
        """The current user: their own account is changed in the profile."""
        return frozenset({current_user.id})

    def record_actions(self, record: User) -> Sequence[RecordAction]:
        """Deactivate or reactivate, and log out."""
        if not self.may_change(record):
            return ()
        log_out = [RecordAction("Log out everywhere", url_for(".log_out_view", id=record.id))]
        if record.state == State.INVITED:
            log_out.clear()  # nobody can have logged in
        verb, name = ("Deactivate", "deactivate_view") if record.active else ("Reactivate", "reactivate_view")
        return (
            *links_of(record),
            RecordAction(verb, url_for(f".{name}", id=record.id)),
            *factor_actions(record),
            *log_out,
        )

    @route("/deactivate/", Access.WRITE, methods=("GET", "POST"))
    def deactivate_view(self) -> ResponseReturnValue:
        """Deactivate an account."""
        return self._ask_or_do(
            "Deactivate",
            "This logs the user out immediately. They can't log in until you reactivate the account.",
            self.deactivate,
        )

    @route("/reactivate/", Access.WRITE, methods=("GET", "POST"))
    def reactivate_view(self) -> ResponseReturnValue:
        """Reactivate an account."""
        return self._ask_or_do("Reactivate", "The user can log in again.", self.reactivate)

    @route("/sign-out/", Access.WRITE, methods=("GET", "POST"))
    def log_out_view(self) -> ResponseReturnValue:
        """End every session of a user."""
        return self._ask_or_do(
            "Log out", "This logs the user out of every browser immediately.", self.log_out
        )

    def _ask_or_do(
        self, verb: str, consequence: str, change: Callable[[Selection], str]
    ) -> ResponseReturnValue:
        return ask_or_do(self, lambda record: Confirmation(f"{verb} {record}?", consequence, verb), change)

    def log_out(self, chosen: Selection) -> str:
        """End every session of a user."""
        for records in chosen.slices():
            managing.log_out_everywhere(current_user, records)
        return f"Account {chosen.names(1)[0]} logged out everywhere."

    @action("deactivate", "Deactivate")
    def deactivate(self, chosen: Selection) -> str:
        """Deactivate accounts."""
        return self._do(managing.deactivate_accounts, chosen, "deactivated")

    @action("reactivate", "Reactivate")
    def reactivate(self, chosen: Selection) -> str:
        """Reactivate accounts."""
        return self._do(managing.reactivate_accounts, chosen, "reactivated", "active")

    def _do(
        self, flow: Callable[[User, Sequence[User]], int], chosen: Selection, done: str, state: str = ""
    ) -> str:
        """Let `flow` change accounts; returns the message, which names a single one by its email."""
        one = f"Account {chosen.names(1)[0]}" if chosen.number == 1 else ""
        changed = sum(flow(current_user, records) for records in chosen.slices())
        same = chosen.number - changed
        if one:
            return f"{one} was already {state or done}." if same else f"{one} {done}."
        return outcome_words(changed, same, self.singular, done, state)
