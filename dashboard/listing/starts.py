"""The starts of users as they are stored: the name of a place, or a saved view.

A view is stored by its key, which goes with the view; the text says then only that it was one.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from dashboard.accounts.models import User
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.listing.models import SavedView, StartView
from dashboard.listing.views import is_seen

VIEW = "view"
"""The start of an account whose start is a saved view."""


def start_view(user: User) -> SavedView | None:
    """The view that a user starts with; None where it is gone or they don't see it any more."""
    its = select(SavedView).join(StartView).where(StartView.user_id == user.id, is_seen(user.role))
    view: SavedView | None = db.session.scalar(its, {"user_id": user.id})
    return view


def lock_view(user: User, key: int) -> SavedView | None:
    """The view with this key, which nobody can delete before this transaction ends; None if it isn't seen."""
    its = select(SavedView).where(SavedView.id == key, is_seen(user.role))
    view: SavedView | None = db.session.scalar(for_writing(its, SavedView.id), {"user_id": user.id})
    return view


def store_start(user: User, place: str, view: SavedView | None = None) -> None:
    """Let a user start at a place, or with a view; with neither, where everyone does. The caller commits."""
    db.session.execute(delete(StartView).where(StartView.user_id == user.id))
    # Past the history, and without another version: it is no change of the account that others see.
    stored = update(User).where(User.id == user.id)
    stored = stored.values(start=VIEW if view else place, updated_at=User.updated_at)
    db.session.execute(stored.execution_options(**PAST_LEDGER))
    if view:
        db.session.add(StartView(user_id=user.id, view_id=view.id))
        db.session.flush()
