"""The clock: aware, UTC, and in the hands of tests."""

from datetime import UTC, datetime, timedelta

from dashboard import clock
from unit.conftest import SetClock


def test_the_clock_tells_the_present_moment_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_set_clock_stays_until_it_is_reset(set_clock: SetClock) -> None:
    moment = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    set_clock(moment)
    assert clock.now() == moment
    clock.set_clock(None)
    assert clock.now() > moment - timedelta(days=3650)
    assert clock.now() != moment


def test_clock_can_be_moved_forward(set_clock: SetClock) -> None:
    set_clock(datetime(2026, 2, 28, 12, tzinfo=UTC))
    set_clock(timedelta(hours=9))
    assert clock.now() == datetime(2026, 2, 28, 21, tzinfo=UTC)
