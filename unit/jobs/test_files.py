"""Files of jobs: written part by part, read again to the byte, deleted when they are old."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dashboard.catalogue.models import Product
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.files import PART_BYTES, PARTS_AT_ONCE, content_of, forget_files
from dashboard.jobs.forgetting import ERASED
from dashboard.jobs.keeping import JOBS_KEPT, file_days, sweep
from dashboard.jobs.models import Job, JobFile, Part
from dashboard.jobs.worker import Worker
from unit.conftest import SetClock
from unit.jobs.conftest import Ask, job, written

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def counts() -> tuple[int, int, int]:
    """How many jobs, files and parts there are."""
    db.session.rollback()
    jobs, files, parts = (
        db.session.scalar(select(func.count()).select_from(m)) for m in (Job, JobFile, Part)
    )
    return jobs, files, parts


@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 5])
def test_file_is_read_as_it_was_written(ask: Ask, size: int) -> None:
    content = bytes(each % 251 for each in range(size))
    file = written(ask(number=0), content)
    assert (file.size, file.is_whole) == (size, True)
    parts = [*content_of(file)]
    assert b"".join(parts) == content
    assert all(len(each) <= PART_BYTES for each in parts)


def test_second_attempt_writes_the_file_again(ask: Ask) -> None:
    number = ask(number=0)
    written(number, b"x" * PART_BYTES * 2)
    again = written(number, b"second")
    assert b"".join(content_of(again)) == b"second"
    assert counts() == (1, 1, 1)


def test_old_file_is_deleted_and_its_job_stays(ask: Ask, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    written(ask(number=0), b"old")
    set_clock(timedelta(days=file_days()))
    written(ask(number=0), b"new")
    assert not sweep()
    set_clock(timedelta(seconds=1))
    while sweep():
        pass
    assert counts() == (2, 1, 1)


def test_old_job_is_deleted_unless_it_has_not_ended(ask: Ask, worker: Worker, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    ended = ask(number=0)
    worker.did_one()
    waiting = ask(number=0)
    set_clock(JOBS_KEPT + timedelta(seconds=1))
    assert sweep()
    assert db.session.scalars(select(Job.id)).all() == [waiting] != [ended]


def test_files_about_a_kind_of_record_are_forgotten(ask: Ask) -> None:
    numbers = [ask(number=0), ask(number=0)]
    for number, kind in zip(numbers, ("users", Product.__tablename__), strict=True):
        begin_write(db.session)
        db.session.get_one(Job, number).record_kind = kind
        db.session.commit()
        written(number, b"content")
    begin_write(db.session)
    forget_files("users")
    db.session.commit()
    assert [[file.is_whole for file in job(number).files] for number in numbers] == [[False], [True]]
    while sweep():
        pass
    assert [bool(job(number).files) for number in numbers] == [False, True]


def test_large_file_is_deleted_a_part_at_a_time(ask: Ask, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    written(ask(number=0), b"x" * PART_BYTES * (PARTS_AT_ONCE + 3))
    set_clock(timedelta(days=file_days(), seconds=1))
    left = []
    while sweep():
        left.append(counts()[1:])
    assert left == [(1, 3), (0, 0)]


def test_erasure_forgets_the_names_in_messages_of_any_job(ask: Ask) -> None:
    number = ask()
    begin_write(db.session)
    row = db.session.get_one(Job, number)
    row.record_kind, row.message = "users", "1 user was changed since and stays: “Kim”."
    row.checkpoint = json.dumps({"since": 3, "back": {"records": 1, "left": 1, "named": ["“Kim”"]}})
    db.session.commit()
    begin_write(db.session)
    forget_files("users")
    db.session.commit()
    found = job(number)
    assert (found.message, "Kim" in found.checkpoint) == (ERASED, False)
    assert json.loads(found.checkpoint)["back"]["records"] == 1
