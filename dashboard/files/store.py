"""The store of files: a folder, or a bucket of a store like S3.

A server that forks has to build the store before and use it after: the threads of its client do not survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Self

from flask import Flask, current_app

from dashboard.files.bucket import BucketPlace
from dashboard.files.folder import FolderPlace
from dashboard.files.place import FileMissing, Place, StoreAway, Stored, StoreFull
from dashboard.store_address import Bucket, place_of

__all__ = ["FileMissing", "Store", "StoreAway", "StoreFull", "Stored", "files_store", "init_files"]

STORE = "files"
"""The key of an application's extensions under which is its store."""
FOLDER = "files"
"""The name of the usual folder, in that of the instance."""
NAME = re.compile(r"[a-z0-9]{1,100}(/[a-z0-9]{1,100}){0,4}")


class Store:
    """A place for files by names that the console makes: letters, digits and slashes.

    Every method raises `StoreAway` where the place cannot be used, and ValueError for any other name.
    """

    def __init__(self, place: Place) -> None:
        self.place = place

    @classmethod
    def of(cls, url: str, folder: Path) -> Self:
        """Return the store at an address without a `store_url_fault`; in `folder` where that is empty."""
        place = place_of(url, folder)
        return cls(BucketPlace(place) if isinstance(place, Bucket) else FolderPlace(place))

    def __str__(self) -> str:
        return str(self.place)

    def put(self, name: str, content: bytes | BinaryIO) -> None:
        """Store a file under a name, in the place of an older one; an open file from its beginning.

        No one ever finds half a file there, and after it has returned, a power failure does not undo it.
        Raises `StoreFull` where the disk has no room.
        """
        _checked(name)
        if not isinstance(content, bytes):
            content.seek(0)
        self.place.put(name, content)

    def read(self, name: str) -> Iterator[bytes]:
        """Return a file in pieces; raises `FileMissing`, before the first piece."""
        pieces = self.place.pieces(_checked(name))
        first = next(pieces, b"")  # once begun, a generator closes its file however it ends
        return chain((first,), pieces)

    def size(self, name: str) -> int:
        """Return how many bytes a file has; raises `FileMissing`."""
        return self.place.size(_checked(name))

    def delete(self, names: Sequence[str]) -> None:
        """Delete files; one that is not there is no error."""
        self.place.delete([_checked(name) for name in names])

    def names(self) -> Iterator[Stored]:
        """Return every file, in no order; files of other programs are left out."""
        return (each for each in self.place.files() if NAME.fullmatch(each.name))


def init_files(app: Flask) -> None:
    """Give the application the store that its settings name."""
    settings = app.extensions["settings"]
    app.extensions[STORE] = Store.of(settings.files.url, settings.instance / FOLDER)


def files_store() -> Store:
    """Return the store of the application."""
    store: Store = current_app.extensions[STORE]
    return store


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name of a stored file.")
    return name
