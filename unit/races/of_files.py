"""Photos of a product that several people add and change at the same moment."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from dashboard.catalogue.models import Product
from dashboard.files.lists import AttachedFile, Images
from dashboard.files.models import StoredFile
from dashboard.files.storing import store_upload
from dashboard.testing.accounts import the_account
from dashboard.testing.catalogue import a_product
from unit.files.photos import picture
from unit.races.scenarios import number_of, one, race, stored
from unit.races.track import Entrant, Race, Track

PHOTOS = Images("photos")


def address(key: int, path: str = "") -> str:
    return f"/admin/products/files/{path}?id={key}&field=photos"


def with_photos(track: Track, number: int) -> int:
    """A product with so many photos; its number."""

    def make() -> int:
        who = the_account("editor").id
        files = [store_upload(io.BytesIO(picture()), "a.png", PHOTOS, "products", who) for _ in range(number)]
        return a_product(photos=tuple(AttachedFile(file.key) for file in files)).id

    track.people("editor")
    return int(track.store(make))


def has_photos(key: int, number: int) -> Callable[[Sequence[Entrant]], None]:
    """Return a check that a product has so many photos."""

    def holds(_winners: Sequence[Entrant]) -> None:
        assert len(stored(Product, key).photos or ()) == number

    return holds


@race("/admin/products/files/add/")
def add_a_photo_each(track: Track) -> Race:
    key, clients = one(track, a_product), track.people("editor")
    files = [[(io.BytesIO(picture()), f"{place}.png")] for place in range(track.number)]
    sent = track.bare(clients, address(key, "add/"), file=files)
    return Race(sent, winners=track.everyone, holds=has_photos(key, track.number))


@race("/admin/products/files/upload/")
def upload_a_photo_each(track: Track) -> Race:
    key, clients = one(track, a_product), track.people("editor")
    files = [[(io.BytesIO(picture()), f"{place}.png")] for place in range(track.number)]

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(StoredFile) == track.number

    return Race(track.bare(clients, address(key, "upload/"), file=files), winners=track.everyone, holds=holds)


@race("/admin/products/files/")
def describe_one_photo(track: Track) -> Race:
    key = with_photos(track, 1)
    [file] = track.store(lambda: stored(Product, key).photos)
    words = [f"Words {place}" for place in range(track.number)]
    fields = {"key": file.key, f"opened-{file.key}": "", f"words-{file.key}": words}
    sent = track.bare(track.browsers("editor"), address(key), **fields)

    def holds(winners: Sequence[Entrant]) -> None:
        [photo] = stored(Product, key).photos
        assert photo.words == winners[0].form[f"words-{file.key}"]

    return Race(sent, holds=holds)


@race("/admin/products/files/")
def remove_a_photo_each(track: Track) -> Race:
    key = with_photos(track, track.number + 1)
    keys = [file.key for file in track.store(lambda: stored(Product, key).photos)]
    sent = track.bare(track.browsers("editor"), address(key), remove=keys[: track.number])
    return Race(sent, winners=track.everyone, holds=has_photos(key, 1))
