"""Large files: stored on the disk of the server for those who may send one, a few at a time."""

import errno
import tempfile
from typing import Any, NoReturn

import pytest

from dashboard.bounds import BODY_BYTES
from dashboard.serving import server
from dashboard.web.slots import LATE
from unit.serving.answers import status, wait_until
from unit.serving.conftest import HOST, Serve

POST = b"POST /upload HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
SIZE = 20 * 1024 * 1024
pytestmark = pytest.mark.usefixtures("hasty")


def measure(environ: Any, start_response: Any) -> list[bytes]:
    """An application that answers with the length of the body it got; 503 if it was let go."""
    start_response("503 Busy" if environ[LATE] else "200 OK", [])
    return [b"%d" % sum(len(piece) for piece in iter(lambda: environ["wsgi.input"].read(65536), b""))]


def uploads(environ: dict[str, Any]) -> int:
    """The bytes that the address of uploads takes."""
    return SIZE if environ["PATH_INFO"] == "/upload" else BODY_BYTES


def body_of(size: int) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % size + b"x" * size


def test_upload_larger_than_any_form_arrives_whole(serve: Serve) -> None:
    running = serve(measure, most_bytes=uploads)
    assert running.ask(POST + body_of(SIZE)).endswith(b"%d" % SIZE)


def test_nothing_of_an_upload_stays_on_the_disk_or_in_the_count(serve: Serve) -> None:
    running = serve(measure, most_bytes=uploads)
    half = running.connect(POST + b"Content-Length: %d\r\n\r\n" % SIZE + b"x" * BODY_BYTES)
    wait_until(lambda: not all_places_free(running.server))
    half.close()
    wait_until(lambda: all_places_free(running.server))
    running.ask(POST + body_of(BODY_BYTES + 1))
    wait_until(lambda: all_places_free(running.server))


def all_places_free(console: Any) -> bool:
    """Whether as many uploads as a worker takes could begin now."""
    if not console.uploads.take(server.UPLOADS_AT_ONCE):
        return False
    console.uploads.give_back(server.UPLOADS_AT_ONCE)
    return True


def test_more_uploads_at_once_than_a_worker_takes_are_told_to_wait(serve: Serve) -> None:
    running = serve(measure, most_bytes=uploads)
    assert running.server.uploads.take(server.UPLOADS_AT_ONCE)
    answer = running.ask(POST + body_of(BODY_BYTES + 1))
    assert (status(answer), answer.rpartition(b"\r\n")[2]) == (503, b"0")


def test_full_disk_refuses_an_upload(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    running = serve(measure, most_bytes=uploads)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert status(running.ask(POST + body_of(BODY_BYTES + 1))) == 503
    monkeypatch.undo()
    assert all_places_free(running.server)


def test_body_beyond_the_bound_is_not_stored_and_left_to_the_pages(serve: Serve) -> None:
    running = serve(measure, most_bytes=uploads)
    answer = running.ask(POST + body_of(SIZE + 1))
    assert (status(answer), answer.rpartition(b"\r\n")[2]) == (200, b"0")


@pytest.mark.parametrize(("path", "size"), [(b"/upload", 2 * SIZE), (b"/other", SIZE)])
def test_server_refuses_what_is_much_too_large_at_once(serve: Serve, path: bytes, size: int) -> None:
    running = serve(measure, most_bytes=uploads)
    head = POST.replace(b"/upload", path) + b"Content-Length: %d\r\n\r\n" % size
    assert status(running.ask(head)) == 413


def test_upload_in_chunks_gets_no_more_than_a_form(serve: Serve) -> None:
    running = serve(measure, most_bytes=uploads)
    size = BODY_BYTES + 1
    chunks = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"
    assert running.ask(POST + chunks).endswith(b"\r\n0")
