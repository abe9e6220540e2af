"""Bulk actions, on picked rows and on all rows that match."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product, in_trash
from dashboard.trash.models import Trashed
from unit.races.scenarios import (
    MAKERS,
    MODELS,
    for_each_screen,
    number_of,
    one,
    people_for,
    race,
    some,
    stored,
)
from unit.races.track import Entrant, Race, Track


def picked(track: Track, screen: str, action: str, keys: Sequence[int]) -> list[Entrant]:
    """Everyone picked the same records, every second person in reverse order, and sees the question."""
    path = f"/admin/{screen}/action/"
    clients = people_for(track, screen)
    form = track.question(clients[0], path, action=action, rowid=list(map(str, keys)))
    turned = [str(key) for key in reversed(keys)]
    return [
        *track.sharing(clients[::2], path, form),
        *track.sharing(clients[1::2], path, {**form.to_dict(flat=False), "rowid": turned}),
    ]


def priced(
    track: Track, clients: Sequence[Any], fields: dict[str, str], chosen: dict[str, Any]
) -> list[Entrant]:
    """Everyone has seen the preview of a change of prices."""
    path = "/admin/products/action/"
    form = track.question(clients[0], path, action="edit", **chosen)
    filled = {**form.to_dict(flat=False), "stage": "preview", **fields}
    preview = track.question(clients[0], path, **filled)
    return track.sharing(clients, path, preview, confirm="1")


RAISE = {"price_how": "raise", "price_by": "10", "rounding": "0"}
SET = {"price_how": "set", "price_by": "5", "rounding": "0"}


@race("/admin/products/action/ edit")
def raise_prices_of_picked(track: Track) -> Race:
    keys = some(track, lambda: a_product(price=Decimal(10)))
    return raised(track, keys, {"rowid": list(map(str, keys))})


@race("/admin/products/action/ edit")
def raise_prices_of_everything(track: Track) -> Race:
    return raised(track, some(track, lambda: a_product(price=Decimal(10))), {"matching": "status=active"})


def raised(track: Track, keys: Sequence[int], chosen: dict[str, Any]) -> Race:
    def holds(_winners: Sequence[Entrant]) -> None:
        assert {stored(Product, key).price for key in keys} == {Decimal(11)}

    return Race(priced(track, track.people("editor"), RAISE, chosen), holds=holds)


@race("/admin/products/action/ edit")
def set_prices_or_save_one(track: Track) -> Race:
    """A saved price is never replaced by users who did not see it."""
    keys = some(track, a_product)
    clients = track.people("editor")
    setting = priced(track, clients[::2], SET, {"rowid": list(map(str, keys))})
    saving = track.entrants(clients[1::2], f"/admin/products/edit/?id={keys[-1]}", price="99.00")

    def holds(winners: Sequence[Entrant]) -> None:
        is_set = winners[0] in setting
        *others, last = [stored(Product, key).price for key in keys]
        assert last == (5 if is_set else 99)
        assert set(others) == {Decimal(5 if is_set else "12.50")}

    return Race([*setting, *saving], holds=holds)


def set_status(status: ProductStatus) -> None:
    @race(f"/admin/products/action/ {status}")
    def prepare(track: Track) -> Race:
        other = ProductStatus.DRAFT if status is ProductStatus.ACTIVE else ProductStatus.ACTIVE
        keys = some(track, lambda: a_product(status=other))

        def holds(_winners: Sequence[Entrant]) -> None:
            assert {stored(Product, key).status for key in keys} == {status}

        return Race(picked(track, "products", status, keys), holds=holds)

    prepare.__name__ = f"set_to_{status}"


for each_status in ProductStatus:
    set_status(each_status)


@for_each_screen("action/ delete")
def delete_picked(track: Track, screen: str) -> Race:
    keys = some(track, MAKERS[screen])
    sent = picked(track, screen, "delete", keys)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert [key for key in keys if stored(MODELS[screen], key)] == []

    return Race(sent, holds=holds)


@race("/admin/categories/action/ delete")
def delete_everything_or_fill_one(track: Track) -> Race:
    keys, lamp = some(track, a_category), one(track, a_product)
    clients = track.people("editor")
    path = "/admin/categories/action/"
    form = track.question(clients[0], path, action="delete", matching="")
    deleting = track.sharing(clients[::2], path, form)
    address = f"/admin/products/edit/?id={lamp}"
    filling = track.entrants(clients[1::2], address, category=str(keys[0]))

    def holds(winners: Sequence[Entrant]) -> None:
        is_deleted = winners[0] in deleting
        assert number_of(Category) == (0 if is_deleted else len(keys))
        assert stored(Product, lamp).category_id == (None if is_deleted else keys[0])

    return Race([*deleting, *filling], holds=holds)


def states(track: Track, action: str, active: bool) -> Race:
    keys = some(track, lambda: an_account(active=not active))

    def holds(_winners: Sequence[Entrant]) -> None:
        assert {stored(User, key).active for key in keys} == {active}

    return Race(picked(track, "users", action, keys), holds=holds)


@race("/admin/users/action/ deactivate")
def deactivate_picked(track: Track) -> Race:
    return states(track, "deactivate", active=False)


@race("/admin/users/action/ reactivate")
def reactivate_picked(track: Track) -> Race:
    return states(track, "reactivate", active=True)


@race("/admin/trash/action/ restore")
def restore_picked(track: Track) -> Race:
    keys = some(track, in_trash)
    path = "/admin/trash/action/"
    clients = track.people("editor")
    form = track.question(clients[0], path, action="restore", rowid=list(map(str, keys)))
    sent = track.sharing(clients, path, form)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert (number_of(Product), number_of(Trashed)) == (len(keys), 0)

    return Race(sent, holds=holds)
