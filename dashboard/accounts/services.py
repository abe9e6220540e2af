"""Asking other services over HTTP, none of which may hold up the pages of the console."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import Any, TypeVar

from requests import ConnectionError as NoConnection
from requests import PreparedRequest, RequestException, Response, Session, Timeout
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

CHUNK = 16 * 1024

Answer = TypeVar("Answer")


class NoAnswerError(Exception):
    """A service did not answer in time; the message is for the log."""


class CrowdedError(NoAnswerError):
    """Too many others wait for the service."""


class Askers:
    """Those who ask a service: at most `at_once`, while the others wait for `wait` seconds."""

    def __init__(self, at_once: int, wait: float) -> None:
        self._free = BoundedSemaphore(at_once)
        self._wait = wait

    def ask(self, question: Callable[[], Answer], seconds: float) -> Answer:
        """Return what `question` returns, within `seconds`; raises NoAnswerError, or what it raises.

        It runs in a thread of its own, for looking up a name and reading the head of an answer can take
        longer than any timeout of a connection. A thread that is too late keeps its place until it ends.
        """
        if not self._free.acquire(timeout=self._wait):
            raise CrowdedError("Too many others wait for it.")
        answer: Future[Answer] = Future()
        try:
            Thread(target=self._run, args=(question, answer), daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise NoAnswerError("This machine has no thread left to ask it.") from error
        try:
            return answer.result(seconds)
        except TimeoutError as error:
            raise NoAnswerError(f"It did not answer within {seconds:g} seconds.") from error

    def _run(self, question: Callable[[], Answer], answer: Future[Answer]) -> None:
        try:
            answer.set_result(question())
        except BaseException as error:  # raised again in the thread that asked
            answer.set_exception(error)
        finally:
            self._free.release()


def bound(session: Session, *, seconds: float, longest: int) -> None:
    """Let each answer of a session take so many seconds and bytes; beyond, it raises RequestException."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Bounded(seconds, longest))


class _Bounded(HTTPAdapter):
    """Reads an answer up to a length and a deadline, however slowly it comes."""

    def __init__(self, seconds: float, longest: int) -> None:
        super().__init__()
        self._seconds, self._longest = seconds, longest

    def send(self, request: PreparedRequest, *_: Any, **options: Any) -> Response:
        ends = monotonic() + self._seconds
        response = super().send(request, **{**options, "stream": True, "timeout": self._seconds})
        try:
            response._content = self._body(response, ends)
        except HTTPError as error:
            raise NoConnection(type(error).__name__) from error
        finally:
            response.close()
        return response

    def _body(self, response: Response, ends: float) -> bytes:
        body = b""
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._longest:
                raise RequestException("The answer is too long.")
            if monotonic() > ends:
                raise Timeout("The answer is too slow.")
        return body
