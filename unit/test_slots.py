"""Slots: as many at once as there are, and the others wait for a bounded time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.slots import Busy, Slots
from unit.conftest import MakeApp

PATIENCE_SECONDS = 10


def test_a_taken_slot_is_refused_after_the_wait() -> None:
    slots = Slots(1, wait=0.1)
    with slots:
        begun = monotonic()
        with pytest.raises(Busy), slots:
            pass
        assert 0.1 <= monotonic() - begun < PATIENCE_SECONDS


def test_a_slot_is_free_again_after_an_error() -> None:
    slots = Slots(1, wait=0.01)
    with pytest.raises(ZeroDivisionError), slots:
        raise ZeroDivisionError
    with slots:
        pass


def test_all_slots_work_at_once() -> None:
    slots, together = Slots(3), Barrier(3)

    def work(_number: int) -> int:
        with slots:
            return together.wait(PATIENCE_SECONDS)

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(work, range(3))) == [0, 1, 2]


def test_a_waiting_thread_gets_a_slot_when_one_is_freed() -> None:
    slots, inside, leave = Slots(1), Event(), Event()

    def hold() -> None:
        with slots:
            inside.set()
            leave.wait(PATIENCE_SECONDS)

    def come() -> float:
        inside.wait(PATIENCE_SECONDS)
        begun = monotonic()
        leave.set()
        with slots:
            return monotonic() - begun

    with ThreadPoolExecutor(2) as pool:
        pool.submit(hold)
        assert pool.submit(come).result(PATIENCE_SECONDS) < PATIENCE_SECONDS


@pytest.fixture
def crowded(make_app: MakeApp) -> FlaskClient:
    """A browser at a console whose page `/crowded` has no slot free."""
    app: Flask = make_app()

    def view() -> str:
        raise Busy

    app.add_url_rule("/crowded", "crowded", view)
    return app.test_client()


def test_page_without_a_free_slot_is_503_with_retry_after(crowded: FlaskClient) -> None:
    answer = crowded.get("/crowded")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Too many users are doing this right now" in answer.text
