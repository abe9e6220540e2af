"""Jobs: asked for in a transaction, done step by step, cancelled, refused, failed and started again."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import ChangeSet, Origin
from dashboard.jobs.acting import OWNER_LEFT
from dashboard.jobs.flows import MOST_OPEN, ask_for, cancel, try_again
from dashboard.jobs.models import Job, State
from dashboard.jobs.run import Run
from dashboard.jobs.taking import LASTS, MOST_ATTEMPTS, STOPPED, Lost, take
from dashboard.jobs.worker import FAILED, WAITS, Worker
from dashboard.refusal import Refusal
from dashboard.testing.accounts import email_of
from unit.conftest import SetClock
from unit.jobs.conftest import Ask, job, names, numbered

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def test_job_is_done_and_says_how_it_ended(ask: Ask, worker: Worker) -> None:
    number = ask(number=7)
    assert worker.did_one()
    assert (job(number).state, job(number).message) == (State.DONE, "7 categories added.")
    assert (job(number).done, job(number).total) == (7, 7)
    assert names() == numbered(7)
    assert not worker.did_one()


def test_job_exists_only_if_the_request_is_committed(ask: Ask, worker: Worker) -> None:
    ask(number=1)
    owner = db.session.scalar(select(Job.owner_id))
    begin_write(db.session)
    ask_for("add_categories", "Some work", owner_id=owner, params={"number": 2})
    db.session.rollback()
    assert worker.did_one()
    assert not worker.did_one()


def test_history_names_the_owner_and_the_job_in_each_step(ask: Ask, worker: Worker) -> None:
    number = ask(number=7)
    worker.did_one()
    db.session.rollback()
    its = select(ChangeSet.author_id, ChangeSet.origin, ChangeSet.request_id).where(
        ChangeSet.origin == Origin.JOB
    )
    owner = job(number).owner_id
    assert db.session.execute(its).all() == [(owner, Origin.JOB, f"job-{number}")] * 3
    assert verify(db.session).faults == []


@pytest.mark.parametrize(("role", "may"), [("viewer", False), ("editor", True)])
def test_job_may_do_what_its_owner_may_do_now(ask: Ask, worker: Worker, role: str, may: bool) -> None:
    number = ask("say_who", role)
    worker.did_one()
    assert job(number).message == f"{email_of(role)} {may}"


def test_job_of_a_deactivated_owner_is_not_done(ask: Ask, worker: Worker) -> None:
    number = ask(number=3)
    begin_write(db.session)
    db.session.get_one(User, job(number).owner_id).active = False
    db.session.commit()
    worker.did_one()
    assert (job(number).state, job(number).message) == (State.FAILED, OWNER_LEFT)
    assert names() == []


def test_refusal_ends_the_job_and_its_step_changes_nothing(ask: Ask, worker: Worker) -> None:
    number = ask("refuse")
    worker.did_one()
    assert (job(number).state, job(number).message) == (State.FAILED, "There is no room for it.")
    assert names() == []


def test_fault_is_logged_and_its_step_changes_nothing(
    ask: Ask, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    number = ask("break_down")
    with caplog.at_level(logging.ERROR):
        worker.did_one()
    assert (job(number).state, job(number).message) == (State.FAILED, FAILED.format(number))
    assert names() == []
    assert "ZeroDivisionError" in caplog.text


def test_job_that_waits_is_cancelled_at_once(ask: Ask, worker: Worker) -> None:
    number = ask(number=3)
    begin_write(db.session)
    assert cancel(db.session.get_one(Job, number))
    db.session.commit()
    assert not worker.did_one()
    assert (job(number).state, names()) == (State.CANCELLED, [])


def test_job_is_cancelled_after_its_present_step(app: Flask, ask: Ask, worker: Worker) -> None:
    number = ask(number=9)
    taken = take(db.engine, worker.name)
    assert taken
    run = Run(taken, worker.name, db.engine)
    with run.step(done=3, at=3):
        pass
    begin_write(db.session)
    assert cancel(db.session.get_one(Job, number))
    db.session.commit()
    worker._do(run.taken)
    assert (job(number).state, job(number).done, names()) == (State.CANCELLED, 3, [])


def test_cancelled_job_goes_on_where_it_stopped(ask: Ask, worker: Worker) -> None:
    number = ask(number=9)
    begin_write(db.session)
    cancel(db.session.get_one(Job, number))
    db.session.commit()
    begin_write(db.session)
    try_again(db.session.get_one(Job, number))
    db.session.commit()
    worker.did_one()
    assert (job(number).state, names()) == (State.DONE, numbered(9))


def test_job_that_is_done_is_neither_cancelled_nor_repeated(ask: Ask, worker: Worker) -> None:
    number = ask(number=1)
    worker.did_one()
    assert not cancel(job(number))
    with pytest.raises(Refusal):
        try_again(job(number))


def test_job_of_a_dead_worker_goes_on_where_its_last_step_ended(
    app: Flask, ask: Ask, worker: Worker, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    number = ask(number=9)
    taken = take(db.engine, "killed")
    assert taken
    run = Run(taken, "killed", db.engine)
    with run.step(done=3, total=9, at=3):
        pass
    assert not worker.did_one()
    set_clock(LASTS)
    assert worker.did_one()
    assert (job(number).state, names()) == (State.DONE, numbered(9)[3:])


def test_worker_that_lost_its_job_changes_nothing(ask: Ask, worker: Worker, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    number = ask(number=4)
    taken = take(db.engine, "slow")
    assert taken
    set_clock(LASTS)
    worker.did_one()
    with pytest.raises(Lost), Run(taken, "slow", db.engine).step(done=1):
        raise AssertionError("The step must not begin.")
    assert (job(number).state, names()) == (State.DONE, numbered(4))


def test_job_that_is_stopped_again_and_again_is_given_up(
    ask: Ask, worker: Worker, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    number = ask(number=3)
    for _ in range(MOST_ATTEMPTS):
        assert take(db.engine, "killed")
        set_clock(LASTS)
    worker.did_one()
    assert (job(number).state, job(number).message) == (State.FAILED, STOPPED.format(MOST_ATTEMPTS))


def test_worker_that_is_told_to_stop_gives_its_job_back(app: Flask, ask: Ask, worker: Worker) -> None:
    number = ask(number=9)
    worker.stopping.set()
    worker.did_one()
    assert (job(number).state, job(number).attempts, names()) == (State.WAITING, 0, [])
    assert Worker(app).did_one()
    assert (job(number).state, names()) == (State.DONE, numbered(9))


def test_one_job_is_taken_by_one_worker(ask: Ask) -> None:
    ask(number=1)
    assert [bool(take(db.engine, each)) for each in ("first", "second")] == [True, False]


def test_user_cannot_keep_all_others_waiting(ask: Ask) -> None:
    for _ in range(MOST_OPEN):
        ask(number=1)
    with pytest.raises(Refusal, match="20 jobs"):
        ask(number=1)
    ask(number=1, role="admin")


def test_work_that_no_part_of_the_console_does_is_not_asked_for(ask: Ask) -> None:
    with pytest.raises(LookupError):
        ask("fly")


def test_job_waits_while_the_database_cannot_be_used_and_goes_on(
    ask: Ask, worker: Worker, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    number = ask("meet_an_outage")
    worker.did_one()
    assert (job(number).state, names()) == (State.WAITING, numbered(1))
    assert job(number).message.endswith("The job waits and goes on by itself.")
    assert not worker.did_one()
    set_clock(WAITS)
    worker.did_one()
    assert (job(number).state, names()) == (State.DONE, numbered(2))


def test_user_with_many_jobs_keeps_no_other_waiting(ask: Ask) -> None:
    first, _, other = ask(number=1), ask(number=1), ask(number=1, role="admin")
    taken = [take(db.engine, each) for each in ("one", "two")]
    assert [each.id for each in taken if each] == [first, other]


def test_clock_of_the_server_that_asked_does_not_keep_a_job_waiting(
    ask: Ask, worker: Worker, set_clock: SetClock
) -> None:
    set_clock(timedelta(minutes=10))
    ask(number=1)
    set_clock(-timedelta(minutes=10))
    assert worker.did_one()


def test_job_that_waits_after_an_outage_is_cancelled_at_once(
    ask: Ask, worker: Worker, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    number = ask("meet_an_outage")
    worker.did_one()
    begin_write(db.session)
    assert cancel(db.session.get_one(Job, number))
    db.session.commit()
    assert job(number).state is State.CANCELLED
