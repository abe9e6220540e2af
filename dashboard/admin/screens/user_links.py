"""Inviting users and resetting passwords by one-time links, which an admin copies and hands over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import abort, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.flows import add_account
from dashboard.accounts.link_addresses import link_address
from dashboard.accounts.managing import grantable_roles
from dashboard.accounts.models import State, User
from dashboard.accounts.new_links import new_link, purpose_of_link
from dashboard.accounts.one_time_links import LASTS, Purpose, expiry, issue
from dashboard.admin.features.edit import Edit
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.undo import offer_undo
from dashboard.admin.kit.urls import return_address
from dashboard.admin.screens.user_forms import NewUserForm
from dashboard.extensions import db
from dashboard.listing.columns import Kind
from dashboard.permissions import Access, Role
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import length_words

SHOWN_ONCE = "one_time_link"
"""The key of the browser's session with the account and the token of a link until its page has shown it."""
QUESTIONS = {
    Purpose.INVITATION: Confirmation(
        "Create a new invitation link for {}?",
        "An earlier link stops working. The new one works once, for {}.",
        "Create link",
    ),
    Purpose.RESET: Confirmation(
        "Reset the password of {}?",
        "You get a link to hand over, with which the user chooses a new password. It works once, for {}. The "
        "current password works until then.",
        "Create reset link",
    ),
}


def add_user(_screen: Screen, form: NewUserForm) -> User:
    """Add the account of a valid form, whose user is invited once it is there."""
    role = Role(form.role.data)
    if role not in grantable_roles(current_user):  # it may have changed since the form was opened
        abort(403)
    return add_account(form.email.data, "", role, form.name.data or "")


class InviteUsers(Edit):
    """A new account is an invitation: its page shows the link."""

    def created(self, record: User) -> ResponseReturnValue:
        """Show the link of a new invitation."""
        message = f"Account {record.email} invited."
        offer_undo(message)
        return show_link(record, issue(record, Purpose.INVITATION, current_user), message)


class OneTimeLinks(Feature[Screen]):
    """Links with which an invited user joins, and with which others choose a new password."""

    @route("/new-link/", Access.WRITE, methods=("GET", "POST"))
    def new_link_view(self) -> ResponseReturnValue:
        """Ask on GET; create a link on POST, and show it."""
        screen = self.screen
        user = screen.get_or_404()
        if not screen.may_change(user):
            abort(403)
        purpose = purpose_of_link(user)
        if request.method != WRITES:
            return screen.confirm(question(user, purpose))
        try:
            return show_link(user, new_link(current_user, user), "")
        except Refusal as refusal:
            db.session.rollback()
            return screen.go_back(str(refusal), "error")

    @route("/link/", Access.WRITE)
    def link_view(self) -> ResponseReturnValue:
        """Show a link once, to the user who created it, or how to create another."""
        screen, back = self.screen, return_address(self.screen.urls.index)
        user = screen.get_one(request.args.get("id", ""))
        if user is None:  # Undo beside the message about the invitation leads back here
            return redirect_to(back)
        if not screen.may_change(user):
            abort(403)
        purpose = purpose_of_link(user)
        key, token = session.pop(SHOWN_ONCE, (0, ""))
        return screen.page(
            "admin/users/link.html",
            title="Invitation link" if purpose is Purpose.INVITATION else "Reset link",
            user=user,
            link=link_address(purpose, token) if key == user.id else None,
            expires_at=expiry(user, purpose),
            back=back,
        )


def question(user: User, purpose: Purpose) -> Confirmation:
    """Ask before a link is created."""
    asked = QUESTIONS[purpose]
    return replace(
        asked,
        title=asked.title.format(user.email),
        consequence=asked.consequence.format(length_words(LASTS[purpose])),
        fields=[("id", str(user.id))],
    )


def show_link(user: User, token: str, message: str) -> ResponseReturnValue:
    """Commit, and lead to the page that shows a link once."""
    key, back = user.id, return_address(url_for(".index_view"))
    db.session.commit()
    if message:
        flash(message, "success")
    session[SHOWN_ONCE] = (key, token)
    return redirect_to(url_for(".link_view", id=key, next=back))


def links_of(user: User) -> Sequence[RecordAction]:
    """The offer of a link for an account that is not deactivated."""
    if not user.active:
        return ()
    label = "New invitation link" if user.state == State.INVITED else "Reset password"
    return (RecordAction(label, url_for(".new_link_view", id=user.id)),)


def joining(user: User) -> Fact:
    """When the user of an account joined, or until when they can."""
    if user.state != State.INVITED:
        return Fact("Joined", user.joined_at, Kind.DATE)
    until = expiry(user, Purpose.INVITATION)
    return Fact("Invitation expires", until, Kind.DATE) if until else Fact("Invitation", "Expired")
