"""The first steps in an empty console, for those who may take them, until they are taken or hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_login import current_user
from sqlalchemy import exists, false, or_, select, update

from dashboard.accounts.models import User
from dashboard.accounts.second_factor.factors import owns_second_factor
from dashboard.admin.features.importing import Import
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.screens import screens_of
from dashboard.admin.kit.wording import adding
from dashboard.catalogue.models import Category
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER

MOST_KINDS = 50
"""So many kinds of records are asked whether there are any."""
MOST_OFFERED = 3
"""So many of these kinds have links."""
SORTERS = (Category, User)
"""Kinds that sort other records or use the console: having some is not what the console is for."""


@dataclass(frozen=True)
class Step:
    """A step, with the labels and addresses of the links that lead to it."""

    text: str
    is_done: bool
    links: Sequence[tuple[str, str]]


def first_steps() -> list[Step]:
    """The steps for the current user; empty once records and colleagues are there, or they were hidden."""
    if current_user.hides_first_steps:
        return []
    screens = [each for each in screens_of(current_app) if each.allows("create_view")]
    users = next((each for each in screens if each.model is User), None)
    kinds = [each for each in screens if each.model not in SORTERS][:MOST_KINDS]
    if not (users or kinds):
        return []
    done = _what_is_done(kinds)
    steps = [Step(_adding_words(kinds), done.records, [*_ways_to_add(kinds)])] if kinds else []
    if users:
        steps.append(Step("Invite colleagues", done.colleagues, [(adding(users), users.urls.create)]))
    if all(step.is_done for step in steps):
        return []
    to_factor = ("Set up a second factor", url_for("second_factor.overview"))
    return [*steps, Step("Turn on a second factor for yourself", done.factor, [to_factor])]


def hide_first_steps() -> None:
    """Hide the steps from the current user permanently; the caller commits."""
    # Past the history, and without another version: it is no change of the account that others see.
    hidden = update(User).where(User.id == current_user.id)
    hidden = hidden.values(hides_first_steps=True, updated_at=User.updated_at)
    db.session.execute(hidden.execution_options(**PAST_LEDGER))


def _what_is_done(kinds: Sequence[Screen]) -> Any:
    """Find out what is done: records of these kinds, other users who can log in, the own second factor."""
    each_has = (kind.visible().with_only_columns(kind.listing.key).exists() for kind in kinds)
    return db.session.execute(
        select(
            or_(false(), *each_has).label("records"),
            exists().where(User.id != current_user.id, User.active).label("colleagues"),
            owns_second_factor(current_user).label("factor"),
        )
    ).one()


def _adding_words(kinds: Sequence[Screen]) -> str:
    what = kinds[0].singular if len(kinds) == 1 else "records"
    can_import = any(_importing(kind) for kind in kinds[:MOST_OFFERED])
    return f"Add your first {what}{' or import a file' if can_import else ''}"


def _ways_to_add(kinds: Sequence[Screen]) -> Iterator[tuple[str, str]]:
    for kind in kinds[:MOST_OFFERED]:
        yield adding(kind), kind.urls.create
        if feature := _importing(kind):
            yield feature.title, feature.url


def _importing(kind: Screen) -> Import | None:
    return kind.feature(Import) if kind.allows("import_view") else None
