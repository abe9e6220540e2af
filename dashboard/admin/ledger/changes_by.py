"""The changes by one person, as a number that leads to them in the history."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from sqlalchemy import func, select

from dashboard import clock
from dashboard.admin.ledger.visibility import visible_sets
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.listing.columns import LinkedText
from dashboard.number_form import number_words

PERIOD = timedelta(days=30)
MOST_COUNTED = 1_000
"""More than these are not counted: the page of a person needs no exact number."""


def changes_by(key: int) -> LinkedText:
    """The number of change sets by the account `key` in the last days that the current user may see.

    It leads to all of them.
    """
    its = (ChangeSet.author_id == key, ChangeSet.at >= clock.now() - PERIOD, *visible_sets())
    newest = select(ChangeSet.id).where(*its).order_by(ChangeSet.id.desc()).limit(MOST_COUNTED + 1)
    number = db.session.scalar(select(func.count()).select_from(newest.subquery())) or 0
    words = number_words(number) if number <= MOST_COUNTED else f"Over {number_words(MOST_COUNTED)}"
    return LinkedText(f"{words} in the last {PERIOD.days} days", url_for("history.index_view", person=key))
