"""A lease that one process at a time holds; a killed process loses it when the lease ends.

The clocks of several nodes may differ by less than the length of a lease.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, delete, or_, select

from dashboard import clock
from dashboard.background.models import Lease
from dashboard.database.inserts import insert_or_update
from dashboard.database.transactions import brief_write

LASTS = timedelta(minutes=2)
RENEWED_AFTER = LASTS / 2


def hold(engine: Engine, name: str, holder: str) -> bool:
    """Take the lease `name`, or renew it after half its time; returns whether `holder` has it.

    Most calls only read. Raises `sqlalchemy.exc.OperationalError` where the database is busy or away.
    """
    now = clock.now()
    with engine.connect() as connection:
        found = connection.execute(select(Lease.holder, Lease.until).where(Lease.name == name)).first()
    if found and found.until > now and found.holder != holder:
        return False
    if found and found.until > now + LASTS - RENEWED_AFTER:
        return True
    return _take(engine, name, holder)


def _take(engine: Engine, name: str, holder: str) -> bool:
    now = clock.now()
    lease = insert_or_update(engine.dialect.name, Lease).values(name=name, holder=holder, until=now + LASTS)
    free = or_(Lease.holder == holder, Lease.until <= now)
    new = {"holder": lease.excluded.holder, "until": lease.excluded.until}
    taken = lease.on_conflict_do_update(index_elements=[Lease.name], set_=new, where=free)
    with brief_write(engine) as connection:
        return connection.execute(taken.returning(Lease.name)).first() is not None


def release(engine: Engine, name: str, holder: str) -> None:
    """Give the lease up, so that another process can take it at once."""
    with brief_write(engine) as connection:
        connection.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
