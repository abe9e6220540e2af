"""Creating, changing and deleting records."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.leases import EditLease
from dashboard.accounts.models import User
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import PRODUCT_FORM, a_category, a_product
from unit.races.scenarios import (
    MAKERS,
    MODELS,
    for_each_screen,
    has_winners,
    is_gone,
    number_of,
    numbered,
    one,
    only_one,
    only_the_winners,
    people_for,
    race,
    some,
    stored,
)
from unit.races.track import Entrant, Race, Track

CASES = ["lmp-1", "LMP-1", "Lmp-1", "lMP-1", "lmP-1", "LmP-1"]
LOOKS = ["Copper", "copper", "\u0421opper", "Cop\u200bper", "C\u043epper", "\uff23opper"]


@race("/admin/products/new/")
def make_one_sku(track: Track) -> Race:
    names = numbered(track, "Lamp")
    made = track.bare(track.people("editor"), "/admin/products/new/", name=names, sku="LMP-1", **PRODUCT_FORM)
    return Race(made, holds=only_the_winners(Product, "name"))


@race("/admin/products/new/")
def make_skus_that_differ_in_case_only(track: Track) -> Race:
    names = numbered(track, "Lamp")
    clients = track.people("editor")
    skus = CASES[: track.number]
    made = track.bare(clients, "/admin/products/new/", name=names, sku=skus, **PRODUCT_FORM)
    return Race(made, holds=only_the_winners(Product, "sku"))


@race("/admin/products/edit/")
def give_skus_that_differ_in_case_only(track: Track) -> Race:
    """Each user has a different product open."""
    keys = some(track, a_product, track.number)
    clients = track.people("editor")
    sent = [
        track.entrants([client], f"/admin/products/edit/?id={key}", sku=sku)[0]
        for client, key, sku in zip(clients, keys, CASES, strict=False)
    ]
    return Race(sent, holds=only_one(Product, Product.sku_key == CASES[0].lower()))


@race("/admin/categories/new/")
def make_categories_that_look_alike(track: Track) -> Race:
    names = LOOKS[: track.number]
    made = track.bare(track.people("editor"), "/admin/categories/new/", name=names)
    return Race(made, holds=only_the_winners(Category, "name"))


@race("/admin/categories/edit/")
def give_categories_names_that_look_alike(track: Track) -> Race:
    keys = some(track, a_category, track.number)
    sent = [
        track.entrants([client], f"/admin/categories/edit/?id={key}", name=name)[0]
        for client, key, name in zip(track.people("editor"), keys, LOOKS, strict=False)
    ]
    return Race(sent, holds=only_one(Category, Category.name.in_(LOOKS)))


@race("/admin/categories/new/")
def make_one_category(track: Track) -> Race:
    made = track.bare(track.people("editor"), "/admin/categories/new/", name="Lighting")
    return Race(made, holds=only_one(Category))


@race("/admin/users/new/")
def make_one_account(track: Track) -> Race:
    fields = {"email": "ada@example.test", "role": "viewer"}
    made = track.bare(track.people("owner"), "/admin/users/new/", **fields)
    return Race(made, holds=only_one(User, User.email == "ada@example.test"))


@for_each_screen("edit/")
def rename(track: Track, screen: str) -> Race:
    key = one(track, MAKERS[screen])
    address = f"/admin/{screen}/edit/?id={key}"
    sent = track.entrants(people_for(track, screen), address, name=numbered(track, "Name"))
    return Race(sent, holds=has_winners(MODELS[screen], key, "name"))


@race("/admin/products/edit/")
def change_different_fields(track: Track) -> Race:
    """The changes do not conflict, but the second user is shown the merged record first."""
    key = one(track, a_product)
    address = f"/admin/products/edit/?id={key}"
    clients = track.people("editor")
    form = track.form(clients[0], address)
    renaming = track.sharing(clients[::2], address, form, name="Oak")
    counting = track.sharing(clients[1::2], address, form, stock="70")

    def holds(winners: Sequence[Entrant]) -> None:
        is_renamed, product = winners[0] in renaming, stored(Product, key)
        assert (product.name == "Oak", product.stock) == (is_renamed, 7 if is_renamed else 70)

    return Race([*renaming, *counting], holds=holds)


@race("/admin/users/edit/")
def give_roles(track: Track) -> Race:
    key = one(track, an_account)
    roles = [role.value for role in (Role.EDITOR, Role.ADMIN, Role.OWNER)] * track.number
    sent = track.entrants(track.people("owner"), f"/admin/users/edit/?id={key}", role=roles)
    return Race(sent, holds=has_winners(User, key, "role"))


@race("/admin/products/edit/")
def save_a_merged_record(track: Track) -> Race:
    """Everyone was shown a conflict, has merged it, and saves the result."""
    key = one(track, a_product)
    address = f"/admin/products/edit/?id={key}"
    clients = track.people("editor")
    [mine] = track.entrants(clients[:1], address, stock="10")
    track.store(lambda: update_product(stored(Product, key), {"name": "Theirs"}))
    form = track.question(mine.client, address, **mine.form)
    stocks = [str(place + 10) for place in range(track.number)]
    merged = track.sharing(clients, address, form, stock=stocks)
    return Race(merged, holds=has_winners(Product, key, "stock"))


def shown_versions(client: FlaskClient) -> str:
    """The signed versions of the products that the list shows."""
    return client.get("/admin/products/").text.partition('data-versions="')[2].partition('"')[0]


@race("/admin/products/cell/")
def change_a_cell(track: Track) -> Race:
    key = one(track, a_product)
    clients = track.people("editor")
    version = shown_versions(clients[0])
    values = [str(place + 20) for place in range(track.number)]
    fields = {"id": str(key), "field": "stock", "value": values, "version": version}

    def holds(winners: Sequence[Entrant]) -> None:
        assert str(stored(Product, key).stock) == winners[0].form["value"]

    return Race(track.bare(clients, "/admin/products/cell/", **fields), holds=holds)


@race("/admin/products/cell/block/")
def change_a_block_of_cells(track: Track) -> Race:
    key = one(track, a_product)
    clients = track.people("editor")
    version = shown_versions(clients[0])
    blocks = [json.dumps([[str(key), "stock", str(place + 20), 0]]) for place in range(track.number)]
    fields = {"cells": blocks, "versions": json.dumps([version]), "confirmed": "1"}

    def holds(winners: Sequence[Entrant]) -> None:
        [[_, _, text, _]] = json.loads(winners[0].form["cells"])
        assert str(stored(Product, key).stock) == text

    return Race(track.bare(clients, "/admin/products/cell/block/", **fields), holds=holds)


@race("/admin/products/cell/undo/")
def undo_a_cell(track: Track) -> Race:
    key = one(track, a_product)
    clients = track.browsers("editor")
    version = shown_versions(clients[0])
    fields = {"id": str(key), "field": "stock", "value": "20", "version": version}
    [saved] = track.bare(clients[:1], "/admin/products/cell/", **fields)
    change_set = str(json.loads(saved.send().text)["undo"])

    def holds(winners: Sequence[Entrant]) -> None:
        its = stored(Product, key)
        assert (its.version, its.stock) == (3, 7)

    return Race(track.bare(clients, "/admin/products/cell/undo/", id=str(key), set=change_set), holds=holds)


@for_each_screen("delete/")
def delete(track: Track, screen: str) -> Race:
    key = one(track, MAKERS[screen])
    sent = track.entrants(people_for(track, screen), f"/admin/{screen}/delete/?id={key}")
    return Race(sent, holds=is_gone(MODELS[screen], key))


@race("/admin/products/delete/")
def delete_or_change(track: Track) -> Race:
    """A product is deleted only as the question showed it."""
    key = one(track, a_product)
    clients = track.people("editor")
    deleting = track.entrants(clients[::2], f"/admin/products/delete/?id={key}")
    saving = track.entrants(clients[1::2], f"/admin/products/edit/?id={key}", name="Theirs")

    def holds(winners: Sequence[Entrant]) -> None:
        left = [] if winners[0] in deleting else ["Theirs"]
        assert list(db.session.scalars(select(Product.name))) == left

    return Race([*deleting, *saving], holds=holds)


@for_each_screen("editing/")
def say_that_one_edits(track: Track, screen: str) -> Race:
    key = one(track, MAKERS[screen])
    sent = track.bare(people_for(track, screen), f"/admin/{screen}/editing/", id=str(key))
    leases = (EditLease.record_kind == screen, EditLease.record_key == str(key))

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(EditLease, *leases) == track.number

    return Race(sent, winners=track.everyone, holds=holds)
