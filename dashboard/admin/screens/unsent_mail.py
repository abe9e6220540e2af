"""The mails that could not be sent: why, since when, and what to do about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_, select

from dashboard.accounts.letters import WORDS, Post
from dashboard.accounts.models import User
from dashboard.accounts.names import visible_accounts
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.page_view import PageView
from dashboard.admin.kit.parsing import read_id
from dashboard.extensions import db
from dashboard.mail.outbox import NOT_SENT, QueuedMail, give_up, sends_mail, try_again
from dashboard.web.returning import redirect_to

SHOWN = 100
READ, WRITE = "users:read", "users:write"


class Unsent(NamedTuple):
    """A mail as the page shows it."""

    mail: QueuedMail
    what: str
    to: str


class UnsentMailView(PageView):
    """Mails that could not be sent, to accounts that the current user sees and to unknown addresses."""

    @route("/", READ)
    def index_view(self) -> ResponseReturnValue:
        """List them, those asked for longest ago first."""
        return self.render(  # type: ignore[no-any-return]
            "admin/mail/unsent.html",
            title="Unsent mail",
            mails=unsent(),
            shown=SHOWN,
            sends_mail=sends_mail(),
        )

    @route("/retry/", WRITE, methods=("POST",))
    def retry_view(self) -> ResponseReturnValue:
        """Make a mail due at once."""
        return self._do(try_again, "The mail is tried again in a moment.")

    @route("/give-up/", WRITE, methods=("POST",))
    def give_up_view(self) -> ResponseReturnValue:
        """Forget a mail."""
        return self._do(give_up, "The mail is given up and will not be sent.")

    def _do(self, change: Callable[[int], bool], done: str) -> ResponseReturnValue:
        key = read_id(request.form.get("id", ""))
        found = db.session.scalar(_visible().where(QueuedMail.id == key))
        if found and change(found.id):
            db.session.commit()
            flash(done, "success")
        else:
            flash("This mail was sent or given up already.", "warning")
        return redirect_to(url_for(".index_view"))


def unsent() -> list[Unsent]:
    """Return the mails that could not be sent and that the current user may see."""
    rows = db.session.execute(
        _visible().add_columns(User.email).order_by(QueuedMail.asked_at, QueuedMail.id).limit(SHOWN + 1)
    )
    return [Unsent(mail, WORDS[Post(mail.purpose)], mail.address or email) for mail, email in rows]


def _visible() -> Select[Any]:
    mails = select(QueuedMail).outerjoin(User, QueuedMail.user_id == User.id)
    return mails.where(NOT_SENT, or_(QueuedMail.user_id.is_(None), *visible_accounts()))
