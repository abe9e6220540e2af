"""Letting users in: the one place that every way to log in leads through.

Whoever has proved by a password, a link, or another login who they are is asked for their second factor here,
if they have one. So no way in skips it (security line 64).
"""

from __future__ import annotations

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue

from dashboard.accounts.begun_logins import begin_login
from dashboard.accounts.letters import Post
from dashboard.accounts.models import User
from dashboard.accounts.new_browsers import NEW_BROWSER
from dashboard.accounts.one_time_links import Purpose, end_links
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import Fact, log_event
from dashboard.accounts.sessions import forget_browser, log_in
from dashboard.accounts.throttling import flows as throttling
from dashboard.extensions import db
from dashboard.mail.outbox import queue
from dashboard.web.choices import remember_browser_zone
from dashboard.web.returning import redirect_to
from dashboard.web.starts import start_address

BEGUN = "begun_login"
"""The key of the browser's session with the token of a begun login."""
LOGGED_IN = "Logged in successfully."
REGISTERED = "Registered successfully."


def enter(
    user: User, goal: str = "", *, event: Event | None = Event.LOGGED_IN, message: str = LOGGED_IN
) -> ResponseReturnValue:
    """Log in a user who has proved one factor, or ask for the second one; either leads to `goal`, or to where
    the user starts.

    The account is locked. `event` and `message` tell of a login that is complete; `event` is None
    where it is logged already. Commits.
    """
    if has_second_factor(user):
        return ask_for_factor(user, goal=goal)
    return let_in(user, goal, event=event, message=message)


def ask_for_factor(user: User, *, goal: str) -> ResponseReturnValue:
    """Begin the login of a locked account, and lead to the page that asks for its second factor. Commits.

    The browser gets no session: what it gets opens only that page.
    """
    forget_browser()
    session[BEGUN] = begin_login(user)
    log_event(Event.FACTOR_ASKED, user, by=user)
    db.session.commit()
    return remember_browser_zone(redirect_to(url_for("second_step.factor", next=goal or None)), request.form)


def let_in(
    user: User,
    goal: str = "",
    *,
    event: Event | None = Event.LOGGED_IN,
    message: str = LOGGED_IN,
    **facts: Fact,
) -> ResponseReturnValue:
    """Log in a user who has proved all that is asked of them; lead to `goal` or where they start. Commits.

    The account is locked. Failed attempts on it are forgotten, and its reset link ends: a user who can log in
    needs no other way. A user whose role needs a second factor can only set one up then.
    """
    if throttling.succeed(user, request.remote_addr or "", logs_in=True):
        facts[NEW_BROWSER] = True
        queue(Post.NEW_BROWSER, user_id=user.id)
    end_links(user, Purpose.RESET)
    log_in(user)
    if event:
        log_event(event, user, by=user, **facts)
    address = goal or start_address(forgets=True)
    db.session.commit()
    flash(message, "success")
    return remember_browser_zone(redirect_to(address), request.form)
