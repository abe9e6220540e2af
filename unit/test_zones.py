"""Moments, days and typed times on the clocks of zones, also on the days on which these are changed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.preferences import DEFAULT, in_zone, is_zone, preferences, preferring, zones_to_choose
from dashboard.words import exact_words, moment_words, recent_words, utc_words
from dashboard.zones import after_gap, day_start, local, readings, today
from unit.conftest import SetClock

BERLIN, NEW_YORK = in_zone("Europe/Berlin"), in_zone("America/New_York")
SPRING, AUTUMN = datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - as typed


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_without_a_request_times_are_in_utc() -> None:
    assert preferences() is DEFAULT
    assert moment_words(utc("2026-11-27 23:30")) == "27 Nov 2026, 23:30 UTC"


def test_a_moment_is_said_on_the_clock_of_its_zone_and_exactly_in_utc() -> None:
    moment = utc("2026-11-27 23:30:09")
    with preferring(BERLIN):
        assert moment_words(moment) == "28 Nov 2026, 00:30"
        assert exact_words(moment) == "27 Nov 2026, 23:30:09 UTC"
        assert utc_words(moment) == "27 Nov 2026, 23:30 UTC"
    assert moment_words(moment) == "27 Nov 2026, 23:30 UTC"


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("Asia/Tokyo", "9999-12-31 23:59", "31 Dec 9999, 23:59"),
        ("America/New_York", "0001-01-01 00:00", "1 Jan 1, 00:00"),
    ],
)
def test_a_moment_beyond_the_clock_of_its_zone_is_said_as_it_is(zone: str, moment: str, words: str) -> None:
    with preferring(in_zone(zone)):
        assert moment_words(utc(moment)) == words


def test_a_moment_without_a_zone_is_never_moved() -> None:
    noon = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - that is the point
    with preferring(NEW_YORK):
        assert local(noon) is noon
        assert moment_words(noon) == "1 Jun 2026, 12:00"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=9), "29 Nov 2026, 02:00"),
        (timedelta(hours=24), "yesterday 11:00"),
        (timedelta(hours=36), "27 Nov 2026, 23:00"),
        (timedelta(minutes=-5), "29 Nov 2026, 11:05"),
    ],
)
def test_a_recent_moment_is_said_by_how_long_ago_it_was(
    ago: timedelta, words: str, set_clock: SetClock
) -> None:
    now = utc("2026-11-29 10:00")
    set_clock(now)
    with preferring(BERLIN):
        assert recent_words(now - ago) == words


def test_yesterday_in_utc_says_so(set_clock: SetClock) -> None:
    set_clock(utc("2026-11-29 10:00"))
    assert recent_words(utc("2026-11-28 09:00")) == "yesterday 09:00 UTC"


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28 23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24 22:00", 25),
        ("America/New_York", date(2026, 11, 1), "2026-11-01 04:00", 25),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04 03:00", 23),  # clocks skip midnight
        ("America/Havana", date(2026, 11, 1), "2026-11-01 04:00", 25),  # clocks show midnight twice
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30 10:00", 0),  # a day that was left out
        ("UTC", date(2026, 3, 29), "2026-03-29 00:00", 24),
    ],
)
def test_a_day_begins_and_ends_on_the_clock_of_its_zone(zone: str, day: date, start: str, hours: int) -> None:
    with preferring(in_zone(zone)):
        assert day_start(day) == utc(start)
        assert day_start(day + timedelta(days=1)) - day_start(day) == timedelta(hours=hours)


def test_today_is_the_day_of_the_person(set_clock: SetClock) -> None:
    set_clock(utc("2026-11-27 23:30"))
    with preferring(BERLIN):
        assert today() == date(2026, 11, 28)
    with preferring(NEW_YORK):
        assert today() == date(2026, 11, 27)


def test_a_typed_time_has_one_meaning_two_or_none() -> None:
    assert readings(datetime(2026, 6, 1, 12), BERLIN) == [utc("2026-06-01 10:00")]  # noqa: DTZ001 - typed
    assert readings(AUTUMN, BERLIN) == [utc("2026-10-25 00:30"), utc("2026-10-25 01:30")]
    assert readings(SPRING, BERLIN) == []
    assert after_gap(SPRING, BERLIN) == SPRING.replace(hour=3)


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "europe/berlin", "Europe/Berlin\0", "A" * 10**6],
)
def test_what_is_no_zone_is_utc(name: str) -> None:
    assert not is_zone(name)
    assert in_zone(name) is DEFAULT


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC", "Zulu"])
def test_other_names_of_utc_are_utc(name: str) -> None:
    assert in_zone(name) is DEFAULT


def test_zones_to_choose_are_those_of_places() -> None:
    found = zones_to_choose()
    assert found[0] == "UTC"
    assert {"Europe/Berlin", "America/New_York", "Asia/Kathmandu"} < {*found}
    assert not any(name.startswith(("Etc", "posix", "right")) for name in found)
