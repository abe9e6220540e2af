"""A bucket that is away, missing or slow is told in a sentence, and in time."""

import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from dashboard.files import bucket
from dashboard.files.store import FileMissing, Store, StoreAway
from dashboard.variables import SettingsError
from unit.files.buckets import KEYS, bucket_url, new_bucket

STORING = "Files cannot be stored at the moment. Try again later."
ROOT = Path(__file__).resolve().parents[2]
SERVER = """
import os, sys
from pathlib import Path
from dashboard.files.store import Store
store = Store.of(sys.argv[1], Path("/nowhere"))
workers = []
for number in range(2):
    worker = os.fork()
    if not worker:
        store.put(f"of/{number}", b"x")
        os._exit(0)
    workers.append(worker)
sys.exit(any(os.waitpid(worker, 0)[1] for worker in workers))
"""
READING = "Files cannot be read at the moment. Try again later."
Act = Callable[[Store], object]
WRITES: list[Act] = [lambda store: store.put("a", b"x"), lambda store: store.delete(["a"])]
READS: list[Act] = [
    lambda store: store.read("a"),
    lambda store: store.size("a"),
    lambda store: [*store.names()],
]


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def at(server: str) -> Store:
    return Store.of(bucket_url(server, "bucket"), Path("/nowhere"))


@pytest.mark.parametrize("act", [*WRITES, *READS])
def test_store_that_is_away_is_told(nobody: str, act: Act, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(StoreAway) as caught:
        act(at(nobody))
    assert str(caught.value) == (STORING if act in WRITES else READING)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert nobody in record.getMessage()
    assert "\n" not in record.getMessage()
    assert "its-secret" not in caplog.text


@pytest.mark.parametrize("act", [*WRITES, *READS])
def test_store_that_never_answers_is_told_in_time(
    silent: str, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "REQUEST_SECONDS", 1)
    monkeypatch.setattr(bucket, "RETRIED_SECONDS", 1)
    begun = monotonic()
    with pytest.raises(StoreAway):
        act(at(silent))
    assert 0.5 < monotonic() - begun < 10


def test_request_waits_for_a_store_for_half_a_minute_at_most() -> None:
    assert bucket.RETRIED_SECONDS + bucket.CONNECT_SECONDS + bucket.REQUEST_SECONDS <= 30
    assert bucket.RETRIES == 1


def test_bucket_that_does_not_exist_is_told(buckets: str) -> None:
    missing = Store.of(bucket_url(buckets, "missing"), Path("/nowhere"))
    with pytest.raises(StoreAway, match="cannot be stored"):
        missing.put("a", b"x")
    with pytest.raises(StoreAway, match="cannot be read"):
        [*missing.names()]
    with pytest.raises(FileMissing):
        missing.read("a")


def test_files_are_below_the_prefix(buckets: str, tmp_path: Path) -> None:
    url = new_bucket(buckets)
    Store.of(url, tmp_path).put("ab/one", b"x")
    whole = Store.of(url.replace("/pre/fix", ""), tmp_path)
    other = Store.of(url.replace("/pre/fix", "/pre/f"), tmp_path)
    assert [each.name for each in whole.names()] == ["pre/fix/ab/one"]
    assert [*other.names()] == []


def test_files_of_other_programs_are_not_named(buckets: str, tmp_path: Path) -> None:
    url = new_bucket(buckets)
    store = Store.of(url, tmp_path)
    store.put("ab/one", b"x")
    store.place.put("README.md", b"other")
    assert [each.name for each in store.names()] == ["ab/one"]


def test_keys_come_from_the_usual_variables_as_well(
    buckets: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _, secret = KEYS.partition(":")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    store = Store.of(new_bucket(buckets).replace(f"{KEYS}@", ""), tmp_path)
    store.put("a", b"x")
    assert store.size("a") == 1


def test_store_is_shown_without_its_keys(buckets: str, tmp_path: Path) -> None:
    store = Store.of(bucket_url(buckets, "console"), tmp_path)
    assert str(store) == f"s3://console/pre/fix at {buckets}"
    assert "its-secret" not in repr(store.place.bucket)  # type: ignore[attr-defined]
    assert str(Store.of("s3://console", tmp_path)) == "s3://console at AWS"


def test_server_may_fork_after_it_has_built_the_store(buckets: str, tmp_path: Path) -> None:
    url = new_bucket(buckets)
    ended = subprocess.run([sys.executable, "-c", SERVER, url], cwd=ROOT, timeout=30, check=False)
    assert ended.returncode == 0
    assert sorted(each.name for each in Store.of(url, tmp_path).names()) == ["of/0", "of/1"]


def test_file_is_read_as_slowly_as_a_browser_takes_it(
    buckets: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "REQUEST_SECONDS", 2)
    monkeypatch.setattr(bucket, "RETRIES", 0)
    store = Store.of(new_bucket(buckets), tmp_path)
    content = bytes(range(256)) * 100_000
    store.put("file", content)
    pieces = store.read("file")
    read = [next(pieces)]
    sleep(2.3)  # it is the browser's time that is tested
    assert b"".join([*read, *pieces]) == content


def test_variable_of_the_client_with_a_fault_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "perhaps")
    with pytest.raises(SettingsError, match=r"^DASHBOARD_FILES_URL cannot be used with the variables AWS"):
        Store.of("s3://console", tmp_path)
