"""The jobs that the current user may see."""

from __future__ import annotations

from flask_login import current_user
from sqlalchemy import ColumnElement, select

from dashboard.accounts.models import User
from dashboard.accounts.names import visible_accounts
from dashboard.jobs.models import Job
from dashboard.permissions import JOBS_MANAGE, may


def visible_jobs() -> list[ColumnElement[bool]]:
    """The conditions for one's own jobs; admins see those of the accounts that they see."""
    if not may(JOBS_MANAGE):
        return [Job.owner_id == current_user.id]
    return [Job.owner_id.in_(select(User.id).where(*visible_accounts()))]
