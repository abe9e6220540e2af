"""A bucket of a store like S3 as the store of files.

Its client, obstore, is imported with the first bucket: most consoles have a folder.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

from dashboard.files.place import CANNOT_READ, CANNOT_STORE, MISSING, PIECE, FileMissing, StoreAway, Stored
from dashboard.store_address import Bucket
from dashboard.variables import PREFIX, SettingsError

if TYPE_CHECKING:
    from obstore import Bytes
    from obstore.store import ClientConfig, RetryConfig, S3Config, S3Store
PART = 8 * 1024 * 1024
"""Bytes that are sent or read in one request; a longer file takes several, and is there after the last."""
PARTS_AT_ONCE = 2
LISTED_AT_ONCE = 1000
CONNECT_SECONDS, REQUEST_SECONDS = 5, 20
RETRIES, RETRIED_SECONDS = 1, 5
"""A request is repeated once if it failed within these seconds, so that nothing waits for longer than 30."""
logger = logging.getLogger(__name__)


class BucketPlace:
    """Files in a bucket, below a prefix."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.store = _client(bucket)

    def __str__(self) -> str:
        return str(self.bucket)

    def put(self, name: str, content: bytes | BinaryIO) -> None:
        """Store a file; see `Store.put`."""
        import obstore

        with _faults_told(CANNOT_STORE):
            obstore.put(self.store, name, content, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file in pieces; see `Store.read`."""
        import obstore

        with _faults_told(CANNOT_READ):
            found = obstore.get(self.store, name)
            size = found.meta["size"]
            if size <= PART:
                yield from _sliced(found.bytes())
                return
            # Each part is read at once: a browser may take longer for a file than a request may.
            for start in range(0, size, PART):
                end = min(start + PART, size)
                yield from _sliced(obstore.get_range(self.store, name, start=start, end=end))

    def size(self, name: str) -> int:
        """Return how many bytes a file has; see `Store.size`."""
        import obstore

        with _faults_told(CANNOT_READ):
            return obstore.head(self.store, name)["size"]

    def delete(self, names: Sequence[str]) -> None:
        """Delete files; see `Store.delete`."""
        import obstore

        with _faults_told(CANNOT_STORE):
            obstore.delete(self.store, [*names])

    def files(self) -> Iterator[Stored]:
        """Yield every file; see `Store.names`."""
        import obstore

        with _faults_told(CANNOT_READ):
            for some in obstore.list(self.store, chunk_size=LISTED_AT_ONCE):
                for each in some:
                    yield Stored(each["path"], each["size"], each["last_modified"])


def _sliced(content: Bytes) -> Iterator[bytes]:
    view = memoryview(content)
    return (bytes(view[start : start + PIECE]) for start in range(0, len(view), PIECE))


def _client(bucket: Bucket) -> S3Store:
    """The client of a bucket; raises SettingsError where a variable ``AWS_*`` has a fault."""
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    given: S3Config = {
        "endpoint": bucket.endpoint,
        "region": bucket.region,
        "access_key_id": bucket.key_id,
        "secret_access_key": bucket.secret,
    }
    config: S3Config = {name: value for name, value in given.items() if value}  # type: ignore[assignment]
    # One by one, since not all stores that are like S3 can delete many at once.
    config["disable_bulk_delete"] = True
    options: ClientConfig = {
        "allow_http": bucket.endpoint.startswith("http:"),
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=REQUEST_SECONDS),
    }
    retries: RetryConfig = {"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRIED_SECONDS)}
    prefix = bucket.prefix or None
    try:
        return S3Store(
            bucket.name, prefix=prefix, config=config, client_options=options, retry_config=retries
        )
    except BaseError as error:
        why = f"cannot be used with the variables AWS_*: {first_line(error)}"
        raise SettingsError([f"{PREFIX}FILES_URL {why}"]) from error


@contextmanager
def _faults_told(sentence: str) -> Iterator[None]:
    """Turn what the client says into what a user can be told; a bucket may be missing where one writes."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        if isinstance(error, FileNotFoundError) and sentence == CANNOT_READ:
            raise FileMissing(MISSING) from error
        logger.warning("The store of files cannot be used: %s", first_line(error))
        raise StoreAway(sentence) from error


def first_line(error: BaseException) -> str:
    """The words of an error of the client; the lines after the first are its inner state."""
    return str(error).partition("\n")[0]
