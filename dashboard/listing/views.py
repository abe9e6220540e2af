"""Flows of saved views, and who may use each. A flow changes and flushes; the caller commits.

A view holds the parameters of an address, all of them, so that it shows the same whatever the defaults are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, literal, or_, select
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import User
from dashboard.bounds import QUERY_BYTES
from dashboard.database.errors import is_duplicate
from dashboard.database.locks import for_writing, serialise
from dashboard.extensions import db
from dashboard.listing.models import VIEW_NAME_LENGTH, DefaultView, SavedView
from dashboard.listing.state import ListState
from dashboard.permissions import VIEWS_MANAGE, Role, can
from dashboard.refusal import Refusal
from dashboard.search.keys import sort_key
from dashboard.text.titles import title_fault

MOST_VIEWS = 30
"""So many views a user may have of one list; the tabs above it are to be seen at a glance."""
_COLUMNS = (SavedView.id, SavedView.name, SavedView.query, SavedView.owner_id, SavedView.version)


@dataclass(frozen=True)
class ViewEntry:
    """A view as the tabs of a list need it, for one person."""

    id: int
    name: str
    query: str
    owner_id: int
    version: int
    is_default: bool


def views_of(user: User, screen: str) -> list[ViewEntry]:
    """Every view of a list that `user` sees, by name, then by age."""
    # Past the ORM, which adds nothing to plain values and takes as long again.
    rows = db.session.connection().execute(_entries(user.role), {"screen": screen, "user_id": user.id})
    return sorted((ViewEntry(*row) for row in rows), key=lambda view: sort_key(view.name))


def views_on(user: User, screens: Collection[str], most: int) -> dict[str, list[ViewEntry]]:
    """The first `most` views of several lists that `user` sees, by list: their own first, each by name."""
    is_foreign = SavedView.owner_id != user.id
    columns = (*_COLUMNS, literal(False), SavedView.screen)
    rows = db.session.execute(
        select(*columns)
        .where(SavedView.screen.in_(screens), is_seen(user.role))
        .order_by(is_foreign, SavedView.id)
        .limit(most),
        {"user_id": user.id},
    )
    found: dict[str, list[ViewEntry]] = {screen: [] for screen in screens}
    for row in rows:
        found[row.screen].append(ViewEntry(*row[:-1]))
    for views in found.values():
        views.sort(key=lambda view: (view.owner_id != user.id, sort_key(view.name)))
    return found


@cache
def _entries(role: Role) -> Select[int, str, str, int, int, bool]:
    """Read the views that a role sees; made once, for every list asks for it, and making it takes longer."""
    is_default = DefaultView.view_id.is_not(None)
    own_default = and_(DefaultView.view_id == SavedView.id, DefaultView.user_id == bindparam("user_id"))
    views = select(*_COLUMNS, is_default).outerjoin(DefaultView, own_default)
    views = views.where(SavedView.screen == bindparam("screen"), is_seen(role))
    return views.order_by(SavedView.id)


def is_seen(role: Role) -> ColumnElement[bool]:
    """Whether the user ``user_id``, a parameter of the statement, sees a view with this role."""
    shared = (SavedView.audience == each for each in list(Role)[: role.rank + 1])
    return or_(SavedView.owner_id == bindparam("user_id"), *shared)


def find_view(user: User, screen: str, key: int, *, lock: bool = False) -> SavedView | None:
    """The view of a list with this id, or None if `user` does not see one; `lock` locks it."""
    it = select(SavedView).where(SavedView.id == key, SavedView.screen == screen, is_seen(user.role))
    its = for_writing(it, SavedView.id) if lock else it
    view: SavedView | None = db.session.scalar(its, {"user_id": user.id})
    return view


def may_change_view(user: User, view: SavedView) -> bool:
    """Whether a user may change a view: it is theirs, or shared and they may manage shared ones."""
    return view.owner_id == user.id or (view.audience is not None and can(user, VIEWS_MANAGE))


def save_view(user: User, screen: str, name: str, query: str, audience: Role | None) -> SavedView:
    """Add a view; raises Refusal if its name is empty or taken, or the user has too many."""
    serialise(db.session, f"views of {user.id}")  # so that they are counted with every one that is there
    own = select(func.count()).where(SavedView.owner_id == user.id, SavedView.screen == screen)
    if (db.session.scalar(own) or 0) >= MOST_VIEWS:
        raise Refusal(f"You have {MOST_VIEWS} views of this list. Delete one of them first.")
    view = SavedView(owner_id=user.id, screen=screen)
    keep_query(view, query)
    change_view(view, name, audience)
    return view


def keep_query(view: SavedView, query: str) -> None:
    """Let a view show what `query` asks for; raises Refusal where that is too much for an address."""
    if len(query) > QUERY_BYTES:
        raise Refusal("This list is narrowed down by more than a view can hold. Choose fewer options.")
    view.query = query


def change_view(view: SavedView, name: str, audience: Role | None) -> None:
    """Name a view and share it, or not; raises Refusal if the name is empty or taken."""
    view.name, view.audience = clean_view_name(name), audience
    db.session.add(view)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
        raise Refusal("There is a view with this name already.", "name") from error


def clean_view_name(text: str) -> str:
    """The name of a view, trimmed; raises Refusal for what is no name."""
    name = " ".join(text.split())
    if not name:
        raise Refusal("Enter a name.", "name")
    if len(name) > VIEW_NAME_LENGTH:
        raise Refusal(f"A name has at most {VIEW_NAME_LENGTH} characters.", "name")
    if fault := title_fault(name):
        raise Refusal(fault, "name")
    return name


def open_with(user: User, view: SavedView, on: bool) -> None:
    """Let the list open with a view for a user, or no longer with this one."""
    serialise(db.session, f"default view of {user.id}")
    theirs = delete(DefaultView).where(DefaultView.user_id == user.id, DefaultView.screen == view.screen)
    db.session.execute(theirs if on else theirs.where(DefaultView.view_id == view.id))
    if on:
        db.session.add(DefaultView(user_id=user.id, screen=view.screen, view_id=view.id))
    db.session.flush()


def delete_view(view: SavedView) -> None:
    """Delete a view for everyone who saw it."""
    db.session.delete(view)
    db.session.flush()


def lasting_query(state: ListState) -> str:
    """Return the query that a view saves: search, filters, sort, columns, page size, also where default."""
    default = state.sort if state.is_open else ""  # a search that shows best matches first has no order
    return urlencode(state.at_start(view="", default_sort=default, default_size=0).pairs())


def shows(query: str, state: ListState) -> bool:
    """Whether a list is as a view has it; only columns have an order that matters."""
    saved, now = parse_qsl(query), parse_qsl(lasting_query(state))
    return sorted(saved) == sorted(now) and _columns(saved) == _columns(now)


def _columns(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [value for name, value in pairs if name == "column"]
