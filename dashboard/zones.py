"""Moments in the zone of the person of this request: their days, and the texts that they type.

A moment without a zone is on no clock that is known, so it is never moved.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from dashboard import clock
from dashboard.preferences import Preferences, label_of, preferences


def local(moment: datetime) -> datetime:
    """A moment on the person's clock, with its offset.

    One without a zone stays as it is, and so does one that Python does not have, or not on that clock.
    """
    zone = preferences().zone
    if moment.tzinfo is None or moment.tzinfo is zone:
        return moment
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def zone_words() -> str:
    """The name of the person's zone, such as ``Europe/Berlin`` or ``UTC``."""
    return label_of(preferences().zone_name)


def today() -> date:
    """The person's day."""
    return local(clock.now()).date()


def day_start(day: date) -> datetime:
    """The first moment of the person's day, in UTC.

    Where clocks go forward at midnight it is the moment at which they do; where they go back, the first of
    the two midnights. Raises OverflowError where it lies before the calendar.
    """
    return datetime(day.year, day.month, day.day, tzinfo=preferences().zone).astimezone(UTC)


def readings(typed: datetime, chosen: Preferences) -> list[datetime]:
    """The moments in UTC that a time without an offset can mean in a zone, the earliest first.

    There are two where clocks go back; where they go forward the list is empty. Raises OverflowError beyond
    the calendar.
    """
    found = []
    for fold in (0, 1):
        moment = typed.replace(tzinfo=chosen.zone, fold=fold).astimezone(UTC)
        if moment.astimezone(chosen.zone).replace(tzinfo=None) == typed and moment not in found:
            found.append(moment)
    return sorted(found)


def after_gap(typed: datetime, chosen: Preferences) -> datetime:
    """The time on the clock of a zone at which clocks stand that would show one that they skip."""
    moment = typed.replace(tzinfo=chosen.zone, fold=0).astimezone(UTC)
    return moment.astimezone(chosen.zone).replace(tzinfo=None)


def is_yesterday(moment: datetime) -> bool:
    """Whether a moment is on the person's day before today."""
    return local(moment).date() == today() - timedelta(days=1)
