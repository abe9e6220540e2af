"""Saved views: who sees them, who may change them, what they keep."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from dashboard.accounts.managing import delete_accounts
from dashboard.accounts.models import User
from dashboard.bounds import QUERY_BYTES
from dashboard.extensions import db
from dashboard.listing.models import DefaultView, SavedView
from dashboard.listing.state import Listing, read_state
from dashboard.listing.views import (
    MOST_VIEWS,
    change_view,
    delete_view,
    find_view,
    keep_query,
    lasting_query,
    may_change_view,
    open_with,
    save_view,
    shows,
    views_of,
)
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.testing.accounts import an_account, the_account
from unit.factories.listing import a_view

pytestmark = pytest.mark.usefixtures("context")


def names(user: User, screen: str = "products") -> list[str]:
    return [entry.name for entry in views_of(user, screen)]


@pytest.mark.parametrize("audience", [None, *Role])
@pytest.mark.parametrize("role", Role)
def test_view_is_seen_by_its_owner_and_from_its_role_up(role: Role, audience: Role | None) -> None:
    owner, reader = an_account("viewer"), an_account(role)
    view = a_view(owner, audience=audience)
    sees = audience is not None and role.rank >= audience.rank
    assert (find_view(reader, "products", view.id) is not None) == sees
    assert (view.name in names(reader)) == sees
    assert names(owner) == [view.name]


def test_a_view_belongs_to_one_list() -> None:
    owner = an_account()
    view = a_view(owner, "products", audience=Role.VIEWER)
    assert names(owner, "categories") == []
    assert find_view(owner, "categories", view.id) is None


def test_views_are_listed_by_name_without_regard_to_case() -> None:
    owner = an_account()
    for name in ("beta", "alpha", "Alpha", "Étage", "Zeta"):
        a_view(owner, name=name)
    assert names(owner) == ["alpha", "Alpha", "beta", "Étage", "Zeta"]  # those that are alike by age


@pytest.mark.parametrize(
    ("role", "audience", "may"),
    [
        ("viewer", Role.VIEWER, False),
        ("editor", Role.VIEWER, False),
        ("admin", Role.VIEWER, True),
        ("admin", None, False),
        ("owner", None, False),
        ("owner", Role.OWNER, True),
    ],
)
def test_admins_may_change_shared_views_but_only_owners_private_ones(
    role: str, audience: Role | None, may: bool
) -> None:
    owner = an_account("viewer")
    view = a_view(owner, audience=audience)
    assert may_change_view(owner, view)
    assert may_change_view(an_account(role), view) is may


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Low   on\tstock ", "Low on stock"),
        ("Ü 🪑", "Ü 🪑"),
        ("x" * 60, "x" * 60),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_a_name_is_kept_trimmed(typed: str, kept: str) -> None:
    assert a_view(an_account(), name=typed).name == kept


@pytest.mark.parametrize("typed", [" ", "\t\n", "x" * 61, "a\0b", "a\u202eb", "\u3164", "\u2800"])
def test_what_is_no_name_is_refused_at_its_field(typed: str) -> None:
    owner = an_account()
    with pytest.raises(Refusal) as refusal:
        save_view(owner, "products", typed, "sort=name", None)
    assert refusal.value.field == "name"
    assert names(owner) == []


def test_one_person_cannot_have_two_views_of_a_name_but_two_people_can() -> None:
    owner = an_account()
    a_view(owner, name="Mine")
    a_view(an_account(), name="Mine")
    a_view(owner, "categories", name="Mine")
    with pytest.raises(Refusal) as refusal:
        a_view(owner, name="Mine")
    assert refusal.value.field == "name"


def test_a_view_cannot_take_the_name_of_another() -> None:
    owner = an_account()
    a_view(owner, name="Mine")
    other = a_view(owner, name="Other")
    with pytest.raises(Refusal, match="with this name already") as refusal:
        change_view(other, "Mine", None)
    assert refusal.value.field == "name"


def test_nobody_has_more_views_of_a_list_than_can_be_seen() -> None:
    owner = an_account()
    for _ in range(MOST_VIEWS):
        a_view(owner)
    with pytest.raises(Refusal, match="Delete one"):
        a_view(owner)
    a_view(owner, "categories")
    a_view(an_account())
    assert len(names(owner)) == MOST_VIEWS


def test_a_view_holds_no_more_than_an_address_can() -> None:
    view = a_view(an_account(), query="q=" + "x" * (QUERY_BYTES - 2))
    with pytest.raises(Refusal, match="fewer options"):
        keep_query(view, "q=" + "x" * (QUERY_BYTES - 1))
    assert view.query == "q=" + "x" * (QUERY_BYTES - 2)


def opening(user: User, screen: str = "products") -> list[str]:
    return [entry.name for entry in views_of(user, screen) if entry.is_default]


def test_a_list_opens_with_one_view_and_only_for_whoever_chose_it() -> None:
    owner, other = an_account(), an_account()
    first, second = (a_view(owner, name=name, audience=Role.VIEWER) for name in ("First", "Second"))
    open_with(owner, first, on=True)
    open_with(owner, second, on=True)
    assert (opening(owner), opening(other)) == (["Second"], [])


def test_each_list_opens_with_a_view_of_its_own() -> None:
    owner = an_account()
    product, category = a_view(owner, name="Ours"), a_view(owner, "categories", name="Theirs")
    for view in (product, category, product):
        open_with(owner, view, on=True)
    assert (opening(owner), opening(owner, "categories")) == (["Ours"], ["Theirs"])
    open_with(owner, category, on=False)
    assert (opening(owner), opening(owner, "categories")) == (["Ours"], [])


def test_what_one_user_opens_a_list_with_leaves_the_others_alone() -> None:
    owner, other = an_account(), an_account()
    view = a_view(owner, audience=Role.VIEWER)
    for each in (owner, other):
        open_with(each, view, on=True)
    open_with(owner, view, on=False)
    assert (opening(owner), opening(other)) == ([], [view.name])


def test_clearing_default_of_another_view_leaves_the_default() -> None:
    owner = an_account()
    first, second = a_view(owner, name="First"), a_view(owner, name="Second")
    open_with(owner, first, on=True)
    open_with(owner, second, on=False)
    assert opening(owner) == ["First"]
    open_with(owner, first, on=False)
    assert opening(owner) == []


def rows() -> list[int]:
    return [
        db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (SavedView, DefaultView)
    ]


def test_a_view_that_is_deleted_opens_nobodys_list_any_more() -> None:
    owner, other = an_account(), an_account()
    view, stays = a_view(owner, audience=Role.VIEWER), a_view(owner, "categories", audience=Role.VIEWER)
    for each in (view, stays):
        open_with(other, each, on=True)
    delete_view(view)
    assert rows() == [1, 1]
    assert (opening(other), opening(other, "categories")) == ([], [stays.name])


def test_views_go_with_the_account_of_their_owner() -> None:
    owner, other = an_account(), an_account()
    open_with(other, a_view(owner, audience=Role.VIEWER), on=True)
    stays = a_view(other, "categories")
    open_with(other, stays, on=True)
    delete_accounts(the_account("owner"), [owner])
    assert rows() == [1, 1]
    assert (names(other), opening(other, "categories")) == ([], [stays.name])


def state(listing: Listing, query: str, default_size: int = 25) -> object:
    return read_state(listing, MultiDict(p.split("=") for p in query.split("&") if p), default_size)


def test_a_view_keeps_sort_and_size_even_where_they_are_the_usual_ones(listing: Listing) -> None:
    assert lasting_query(state(listing, "q=lamp&page=3&view=7")) == "q=lamp&sort=name&size=25"


def test_view_of_best_matches_keeps_no_order(listing: Listing) -> None:
    ranked = replace(listing, is_ranked=True)
    assert lasting_query(state(ranked, "q=lamp")) == "q=lamp&size=25"
    assert lasting_query(state(ranked, "q=lamp&sort=name")) == "q=lamp&sort=name&size=25"
    assert lasting_query(state(ranked, "status=draft")) == "status=draft&sort=name&size=25"


def test_view_is_the_same_whatever_page_size_was_chosen_last(listing: Listing) -> None:
    kept = lasting_query(state(listing, "status=draft"))
    assert shows(kept, state(listing, kept, default_size=100))
    assert not shows(kept, state(listing, "status=draft", default_size=100))


@pytest.mark.parametrize(
    ("kept", "now", "same"),
    [
        ("status=draft&sort=name&size=25", "size=25&status=draft", True),
        ("status=draft&status=active&sort=name&size=25", "status=active&status=draft", True),
        ("sort=name&size=25", "page=2&view=3", True),
        ("sort=name&size=25", "size=50", False),
        ("sort=name&size=25", "sort=-name", False),
        ("sort=name&size=25", "q=a", False),
        ("sort=name&size=25&column=sku&column=price", "column=sku&column=price", True),
        ("sort=name&size=25&column=sku&column=price", "column=price&column=sku", False),
        ("sort=name&size=25&column=weight", "column=weight", False),
    ],
)
def test_a_list_is_told_apart_from_its_view_by_all_but_the_page(
    listing: Listing, kept: str, now: str, same: bool
) -> None:
    assert shows(kept, state(listing, now)) is same


@pytest.mark.parametrize(
    ("view", "kept"),
    [("7", "7"), ("all", "all"), ("", ""), ("0", ""), ("-1", ""), ("1" * 10, ""), ("²", ""), ("a", "")],
)
def test_the_number_of_a_view_is_kept_along_and_nothing_else(listing: Listing, view: str, kept: str) -> None:
    read = read_state(listing, MultiDict({"view": view}))
    assert read.view == kept
    assert read.pairs() == ((("view", kept),) if kept else ())
