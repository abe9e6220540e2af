"""The trash, reverting and undoing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, select

from dashboard.accounts.managing import deactivate_accounts
from dashboard.accounts.models import User
from dashboard.catalogue.flows import delete_categories, update_product
from dashboard.catalogue.models import Category, Product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.catalogue import PRODUCT_FORM, a_category, a_product, in_trash
from dashboard.trash.models import Trashed
from unit.races.scenarios import is_gone, number_of, one, only_one, race, stored, written
from unit.races.track import Entrant, Race, Track


@race("/admin/trash/restore/")
def restore(track: Track) -> Race:
    key = one(track, lambda: in_trash("Oak Lamp"))
    sent = track.entrants(track.people("editor"), f"/admin/trash/restore/?id={key}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert (number_of(Product, Product.name == "Oak Lamp"), number_of(Trashed)) == (1, 0)

    return Race(sent, holds=holds)


@race("/admin/trash/restore/")
def restore_or_make_a_sku_that_differs_in_case_only(track: Track) -> Race:
    key = one(track, lambda: in_trash("Oak Lamp", sku="lmp-1"))
    clients = track.people("editor")
    restoring = track.entrants(clients[::2], f"/admin/trash/restore/?id={key}")
    making = track.bare(clients[1::2], "/admin/products/new/", name="New", sku="LMP-1", **PRODUCT_FORM)

    def holds(winners: Sequence[Entrant]) -> None:
        is_restored = winners[0] in restoring
        assert list(db.session.scalars(select(Product.sku))) == ["lmp-1" if is_restored else "LMP-1"]
        assert number_of(Trashed) == (0 if is_restored else 1)

    return Race([*restoring, *making], holds=holds)


@race("/admin/trash/purge/")
def purge(track: Track) -> Race:
    key = one(track, lambda: in_trash("Oak Lamp"))
    sent = track.entrants(track.people("owner"), f"/admin/trash/purge/?id={key}", typed="Oak Lamp")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert (number_of(Trashed), number_of(Product)) == (0, 0)

    return Race(sent, holds=holds)


@race("/admin/trash/purge/")
def purge_or_restore(track: Track) -> Race:
    key = one(track, lambda: in_trash("Oak Lamp"))
    clients = track.people("owner")
    purging = track.entrants(clients[::2], f"/admin/trash/purge/?id={key}", typed="Oak Lamp")
    restoring = track.entrants(clients[1::2], f"/admin/trash/restore/?id={key}")

    def holds(winners: Sequence[Entrant]) -> None:
        assert number_of(Product) == (winners[0] in restoring)
        assert number_of(Trashed) == 0

    return Race([*purging, *restoring], holds=holds)


def deleted(key: int) -> Callable[[], Any]:
    return lambda: trash_products([key])


def unshelved(key: int) -> Callable[[], Any]:
    return lambda: delete_categories([stored(Category, key)])


def renamed(key: int) -> Callable[[], Any]:
    return lambda: update_product(stored(Product, key), {"name": "Pine Lamp"})


def shut_out(key: int) -> Callable[[], Any]:
    return lambda: deactivate_accounts(the_account("owner"), [stored(User, key)])


def set_back(track: Track, screen: str, key: int, change_set: int) -> str:
    """The page to set the name of a record back, to what it was before a change set."""
    with track.app.app_context():
        number = db.session.scalar(select(Change.id).where(Change.change_set_id == change_set))
    return f"/admin/{screen}/set-back/?id={key}&change={number}&field=name"


def reverting(track: Track, change_set: int) -> list[Entrant]:
    """Everyone has seen the preview of reverting a change set."""
    return track.entrants(track.people("owner"), f"/admin/revert/?set={change_set}")


@race("/admin/revert/")
def revert_an_edit(track: Track) -> Race:
    key = one(track, lambda: a_product("Oak Lamp"))
    sent = reverting(track, written(track, renamed(key)))
    return Race(sent, holds=only_one(Product, Product.name == "Oak Lamp"))


@race("/admin/revert/")
def revert_a_deletion(track: Track) -> Race:
    key = one(track, a_product)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert (number_of(Product, Product.id == key), number_of(Trashed)) == (1, 0)

    return Race(reverting(track, written(track, deleted(key))), holds=holds)


@race("/admin/revert/")
def revert_the_deletion_of_a_category(track: Track) -> Race:
    key = one(track, a_category)
    return Race(
        reverting(track, written(track, unshelved(key))), holds=only_one(Category, Category.id == key)
    )


@race("/admin/revert/")
def revert_the_creation_of_an_account(track: Track) -> Race:
    made: list[int] = []
    its = written(track, lambda: made.append(an_account().id))
    return Race(reverting(track, its), holds=is_gone(User, made[0]))


@race("/admin/revert/")
def revert_a_deactivation(track: Track) -> Race:
    key = one(track, an_account)
    its = written(track, shut_out(key))
    return Race(reverting(track, its), holds=only_one(User, User.id == key, User.active))


@race("/admin/revert/")
def revert_or_save(track: Track) -> Race:
    key = one(track, lambda: a_product("Oak Lamp"))
    its, clients = written(track, renamed(key)), track.people("owner")
    reverted_by = track.entrants(clients[::2], f"/admin/revert/?set={its}")
    saving = track.entrants(clients[1::2], f"/admin/products/edit/?id={key}", name="Elm Lamp")

    def holds(winners: Sequence[Entrant]) -> None:
        assert stored(Product, key).name == ("Oak Lamp" if winners[0] in reverted_by else "Elm Lamp")

    return Race([*reverted_by, *saving], holds=holds)


@race("/admin/products/set-back/")
def set_a_field_back_or_save(track: Track) -> Race:
    key = one(track, lambda: a_product("Oak Lamp"))
    its, clients = written(track, renamed(key)), track.people("owner")
    setting = track.entrants(clients[::2], set_back(track, "products", key, its))
    saving = track.entrants(clients[1::2], f"/admin/products/edit/?id={key}", name="Elm Lamp")

    def holds(winners: Sequence[Entrant]) -> None:
        assert stored(Product, key).name == ("Oak Lamp" if winners[0] in setting else "Elm Lamp")

    return Race([*setting, *saving], holds=holds)


@race("/admin/categories/set-back/")
def set_a_category_back(track: Track) -> Race:
    key = one(track, lambda: a_category("Lamps"))
    its = written(track, lambda: setattr(stored(Category, key), "name", "Lights"))
    return Race(
        track.entrants(track.people("owner"), set_back(track, "categories", key, its)),
        holds=only_one(Category, Category.name == "Lamps"),
    )


@race("/admin/users/set-back/")
def set_an_account_back(track: Track) -> Race:
    key = one(track, an_account)
    its = written(track, lambda: setattr(stored(User, key), "name", "Kim"))
    return Race(
        track.entrants(track.people("owner"), set_back(track, "users", key, its)),
        holds=only_one(User, User.id == key, User.name == ""),
    )


@race("/admin/revert/undo/")
def undo_an_edit(track: Track) -> Race:
    clients = track.browsers("editor")
    key = one(track, lambda: a_product("Oak Lamp"))
    return Race(
        undoing(track, clients, f"/admin/products/edit/?id={key}", name="Pine Lamp"),
        holds=only_one(Product, Product.name == "Oak Lamp"),
    )


@race("/admin/revert/undo/")
def undo_a_deletion(track: Track) -> Race:
    clients, key = track.browsers("editor"), one(track, a_product)
    sent = undoing(track, clients, f"/admin/products/delete/?id={key}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert (number_of(Product, Product.id == key), number_of(Trashed)) == (1, 0)

    return Race(sent, holds=holds)


@race("/admin/revert/undo/")
def undo_a_creation(track: Track) -> Race:
    clients = track.browsers("editor")
    sent = undoing(track, clients, "/admin/products/new/", name="Lamp", sku="LMP-1", **PRODUCT_FORM)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert (number_of(Product), number_of(Trashed)) == (0, 1)

    return Race(sent, holds=holds)


def undoing(track: Track, clients: Sequence[Any], path: str, **fields: str) -> list[Entrant]:
    """A user did something in one browser, and presses Undo in all of them."""
    [done] = track.entrants(clients[:1], path, **fields)
    assert done.send().is_done
    with track.app.app_context():
        its = last_change_set()
    clients[0].get("/admin/products/")  # shows the message, which is then no longer waiting
    return track.bare(clients, "/admin/revert/undo/", id=str(its))


def last_change_set() -> int:
    return int(db.session.scalar(select(func.max(ChangeSet.id))) or 0)
