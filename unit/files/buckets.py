"""A server like S3 on this machine, the addresses of buckets in it, and files for any store."""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from dashboard.files.store import Store

KEYS = "a-key:its-secret"


@contextmanager
def bucket_server() -> Iterator[str]:
    """The address of a server; it listens on a port that is free."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert server.stdout
        found = (re.search(r"Running on (http://\S+)", line) for line in server.stdout)
        address = next(each[1] for each in found if each)
        Thread(target=server.stdout.read, daemon=True).start()  # else its log fills the pipe, and it waits
        yield address
    finally:
        server.kill()
        server.communicate()


def new_bucket(server: str) -> str:
    """Make a bucket, and return its address as `DASHBOARD_FILES_URL` has it."""
    name = f"bucket-{secrets.token_hex(6)}"
    asked = Request(f"{server}/{name}", method="PUT", headers={"Authorization": "AWS4-HMAC-SHA256 /s3/"})
    with urlopen(asked, timeout=10) as answer:
        assert answer.status == 200
    return bucket_url(server, name)


def bucket_url(server: str, name: str) -> str:
    """The address of a bucket, whether it is there or not."""
    return f"s3://{KEYS}@{name}/pre/fix?endpoint={quote(server, safe='')}&region=eu-central-1"


@pytest.fixture(scope="session")
def buckets() -> Iterator[str]:
    """The address of a server of buckets, which is started once."""
    with bucket_server() as server:
        yield server


def contents(store: Store) -> dict[str, bytes]:
    return {each.name: b"".join(store.read(each.name)) for each in store.names()}


def with_files(store: Store) -> dict[str, bytes]:
    """Store some files, a large one among them, and return them."""
    files = {f"ab/key{number}/full": bytes([number]) * number for number in range(6)}
    files["ab/large/whole"] = b"x" * 9_000_000
    for name, content in files.items():
        store.put(name, content)
    return files
