"""Inviting users and resetting passwords by one-time links, sent by mail or copied and handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import abort, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.flows import add_account
from dashboard.accounts.link_addresses import link_address
from dashboard.accounts.managing import grantable_roles
from dashboard.accounts.models import State, User
from dashboard.accounts.new_links import new_link, purpose_of_link, send_link
from dashboard.accounts.one_time_links import LASTS, Purpose, expiry, issue
from dashboard.accounts.reauthentication.asking import needs_proof
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
from dashboard.mail.outbox import newest, queue, sends_mail
from dashboard.permissions import Access, Role
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import length_words, moment_words

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
SENDING = {
    Purpose.INVITATION: Confirmation(
        "Send the invitation of {} again?",
        "An earlier link stops working once the mail is sent. The new one works once, for {}.",
        "Send invitation",
    ),
    Purpose.RESET: Confirmation(
        "Send a reset link to {}?",
        "The user gets a mail with a link and chooses a new password. It works once, for {}. The current "
        "password works until then.",
        "Send reset link",
    ),
}


def add_user(_screen: Screen, form: NewUserForm) -> User:
    """Add the account of a valid form, whose user is invited once it is there."""
    role = Role(form.role.data)
    if role not in grantable_roles(current_user):  # it may have changed since the form was opened
        abort(403)
    return add_account(form.email.data, "", role, form.name.data or "")


def invite_context() -> Mapping[str, Any]:
    """Return what the form of an invitation says about the link: whether it is sent by mail."""
    return {"sends_mail": sends_mail()}


class InviteUsers(Edit):
    """A new account is an invitation, sent by mail or shown as a link."""

    are_alike = False

    def created(self, record: User) -> ResponseReturnValue:
        """Send the invitation, or show its link where no mail is sent."""
        message = f"Account {record.email} invited."
        offer_undo(message)
        if sends_mail():
            queue(Purpose.INVITATION, user_id=record.id, issued_by_id=current_user.id)
            return show_page(record, message)
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
            return screen.confirm(question(QUESTIONS[purpose], user, purpose))
        try:
            return show_link(user, new_link(current_user, user), "")
        except Refusal as refusal:
            db.session.rollback()
            return screen.go_back(str(refusal), "error")

    @route("/send-link/", Access.WRITE, methods=("GET", "POST"))
    @needs_proof
    def send_link_view(self) -> ResponseReturnValue:
        """Ask on GET; send a link by mail on POST."""
        screen = self.screen
        user = screen.get_or_404()
        if not (sends_mail() and screen.may_change(user)):
            abort(403)
        purpose = purpose_of_link(user)
        if request.method != WRITES:
            return screen.confirm(question(SENDING[purpose], user, purpose))

        def send() -> str:
            send_link(current_user, user)
            return f"A mail to {user.email} is on its way."

        return screen.attempt(send)

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
            mail=mail_words(user, purpose),
            back=back,
        )


def question(asked: Confirmation, user: User, purpose: Purpose) -> Confirmation:
    """Ask before a link is created or sent."""
    return replace(
        asked,
        title=asked.title.format(user.email),
        consequence=asked.consequence.format(length_words(LASTS[purpose])),
        fields=[("id", str(user.id))],
    )


def show_link(user: User, token: str, message: str) -> ResponseReturnValue:
    """Commit, and lead to the page that shows a link once."""
    session[SHOWN_ONCE] = (user.id, token)
    return show_page(user, message)


def show_page(user: User, message: str) -> ResponseReturnValue:
    """Commit, and lead to the page of the link of a user."""
    key, back = user.id, return_address(url_for(".index_view"))
    db.session.commit()
    if message:
        flash(message, "success")
    return redirect_to(url_for(".link_view", id=key, next=back))


def links_of(user: User) -> Sequence[RecordAction]:
    """The offers of a link for an account that is not deactivated: by mail if any is sent, and to copy."""
    if not user.active:
        return ()
    is_invited = user.state == State.INVITED
    copied = RecordAction(
        "New invitation link" if is_invited else "Reset password", url_for(".new_link_view", id=user.id)
    )
    if not sends_mail():
        return (copied,)
    label = "Send invitation again" if is_invited else "Send reset link"
    return (RecordAction(label, url_for(".send_link_view", id=user.id)), copied)


def mails_of(user: User) -> Sequence[Fact]:
    """How the last mail with a link for an account went, if one was asked for lately."""
    if not sends_mail():
        return ()
    purpose = purpose_of_link(user)
    words = mail_words(user, purpose)
    label = "Invitation mail" if purpose is Purpose.INVITATION else "Reset mail"
    return (Fact(label, words),) if words else ()


def mail_words(user: User, purpose: Purpose) -> str:
    """Say how the last mail with a link went; empty where there was no such mail lately."""
    mail = newest(user.id, purpose)
    if mail is None:
        return ""
    if mail.sent_at:
        return f"Sent {moment_words(mail.sent_at)}"
    if not mail.reason:
        return "Waiting to be sent"
    return f"Not sent{', will be tried again' if mail.due_at else ''}: {mail.reason}"


def joining(user: User) -> Fact:
    """When the user of an account joined, or until when they can."""
    if user.state != State.INVITED:
        return Fact("Joined", user.joined_at, Kind.DATE)
    until = expiry(user, Purpose.INVITATION)
    if until:
        return Fact("Invitation expires", until, Kind.DATE)
    mail = newest(user.id, Purpose.INVITATION)
    return Fact("Invitation", "Expired" if mail is None or mail.sent_at else "Not sent yet")
