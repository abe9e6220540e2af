"""Background tasks: one of several processes runs them, and another one continues after it."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import active_count
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from dashboard import clock
from dashboard.background.leases import LASTS, hold, release
from dashboard.background.models import Lease
from dashboard.background.runner import LEASE, TRIED_AGAIN_AFTER, Runner
from dashboard.background.tasks import TASKS, Task, add_task, tasks_of
from dashboard.catalogue.trash import trash_products
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.catalogue import products
from dashboard.trash.models import Trashed
from unit.conftest import MakeApp, SetClock
from unit.full_disk import no_file_grows

ROOT = Path(__file__).resolve().parents[2]
SERVING = """
import sys
from pathlib import Path
from dashboard.app import create_app
from dashboard.background.runner import Runner
from dashboard.config import Settings
url, folder = sys.argv[1:]
runner = Runner(create_app(Settings(secret_key={key!r}, database_url=url, instance=Path(folder))), 0.05)
runner.start()
print(runner.holder, flush=True)
sys.stdin.read()
runner.stop()
"""


@pytest.fixture
def counting(make_app: MakeApp) -> Iterator[tuple[Flask, list[str]]]:
    """A console whose only task records its runs."""
    app = make_app()
    done: list[str] = []
    app.extensions[TASKS] = []
    add_task(app, Task("count", timedelta(hours=1), lambda: bool(done.append("counted"))))
    yield app, done


def holder() -> str | None:
    """The holder of the lease of the runner."""
    return db.session.scalar(select(Lease.holder).where(Lease.name == LEASE))


@pytest.mark.both_databases
def test_one_of_two_processes_runs_a_due_task(counting: tuple[Flask, list[str]], set_clock: SetClock) -> None:
    app, done = counting
    set_clock(timedelta(0))
    begun = clock.now()
    first, second = Runner(app), Runner(app)
    with app.app_context():
        for minutes, times in (*((minute, 1) for minute in range(60)), (60, 2), (61, 2)):
            set_clock(begun + timedelta(minutes=minutes))
            first.turn()
            second.turn()
            assert (len(done), holder()) == (times, first.holder)
            db.session.rollback()


@pytest.mark.both_databases
def test_another_process_takes_over_when_the_lease_ends(
    counting: tuple[Flask, list[str]], set_clock: SetClock
) -> None:
    app, done = counting
    set_clock(timedelta(0))
    killed, other = Runner(app), Runner(app)
    with app.app_context():
        killed.turn()
        set_clock(LASTS - timedelta(seconds=1))
        other.turn()
        assert (holder(), len(done)) == (killed.holder, 1)
        set_clock(timedelta(seconds=1))
        other.turn()
        assert (holder(), len(done)) == (other.holder, 2)
        killed.turn()  # it was only slow
        assert (holder(), len(done)) == (other.holder, 2)


@pytest.mark.both_databases
def test_holder_renews_lease_and_seldom_writes(context: Flask, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    begun = clock.now()
    until = select(Lease.until).where(Lease.name == "x")
    assert hold(db.engine, "x", "me")
    for seconds, expected in ((59, begun + LASTS), (61, begun + timedelta(seconds=61) + LASTS)):
        set_clock(begun + timedelta(seconds=seconds))
        assert hold(db.engine, "x", "me")
        assert not hold(db.engine, "x", "other")
        db.session.rollback()
        assert db.session.scalar(until) == expected


@pytest.mark.both_databases
def test_released_lease_is_free_and_only_holder_can_release_it(context: Flask) -> None:
    assert hold(db.engine, "x", "me")
    release(db.engine, "x", "other")
    assert not hold(db.engine, "x", "other")
    release(db.engine, "x", "me")
    assert hold(db.engine, "x", "other")


def test_failing_task_is_logged_and_retried_and_others_run(
    counting: tuple[Flask, list[str]], set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    app, done = counting
    set_clock(timedelta(0))
    tries: list[int] = []

    def fail() -> bool:
        tries.append(1)
        raise ZeroDivisionError

    app.extensions[TASKS].insert(0, Task("divide", timedelta(days=1), fail))
    runner = Runner(app)
    with app.app_context(), caplog.at_level(logging.ERROR):
        runner.turn()
        runner.turn()
        assert (len(tries), done) == (1, ["counted"])
        assert "Could not divide; trying again in a minute." in caplog.text
        set_clock(TRIED_AGAIN_AFTER)
        runner.turn()
        assert (len(tries), done) == (2, ["counted"])


@pytest.mark.both_databases
def test_work_of_a_failing_task_is_rolled_back(
    counting: tuple[Flask, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    app, _ = counting

    def fail() -> bool:
        db.session.add(Lease(name="half done", holder="", until=clock.now()))
        db.session.flush()
        raise ZeroDivisionError

    app.extensions[TASKS] = [Task("fail", timedelta(days=1), fail)]
    with app.app_context():
        Runner(app).turn()
        db.session.rollback()
        assert db.session.get(Lease, "half done") is None


def test_no_step_starts_without_the_lease(counting: tuple[Flask, list[str]]) -> None:
    app, done = counting

    def robbed() -> bool:
        done.append("step")
        db.session.execute(update(Lease).values(holder="other", until=clock.now() + LASTS))
        db.session.commit()
        return True

    app.extensions[TASKS] = [Task("go on", timedelta(days=1), robbed)]
    with app.app_context():
        Runner(app).turn()
    assert done == ["step"]


def test_runner_stops_at_once_and_releases_the_lease(counting: tuple[Flask, list[str]]) -> None:
    app, done = counting
    threads, runner = active_count(), Runner(app)
    runner.start()
    wait_until(lambda: done == ["counted"])
    begun = monotonic()
    runner.stop()
    assert monotonic() - begun < 5
    assert active_count() == threads
    with app.app_context():
        assert holder() is None


def test_creating_an_application_starts_no_runner(app: Flask) -> None:
    assert [task.name for task in tasks_of(app)] == [
        "send mail",
        "delete old rows of the outbox",
        "delete ended counts of attempts to log in",
        "delete old events of the security log",
        "encrypt seeds under the newest key",
        "sweep the trash",
        "delete old files and jobs",
        "delete files that no record has",
    ]
    with app.app_context():
        app.test_client().get("/login")
        assert holder() is None


@pytest.fixture
def serving(app: Flask) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that serve the same database."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    settings = app.extensions["settings"]
    code = SERVING.format(key=settings.secret_key)
    command = [sys.executable, "-c", code, url, str(settings.instance)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    started = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def in_the_trash(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Trashed.id))) or 0


@pytest.mark.both_databases
def test_another_process_continues_when_the_sweeping_one_is_killed(
    app: Flask, set_clock: SetClock, serving: list[subprocess.Popen[str]]
) -> None:
    holders = {process.stdout.readline().strip(): process for process in serving if process.stdout}
    wait_until(lambda: in_context(app, holder) in holders)
    first = str(in_context(app, holder))
    bury(app, set_clock)
    os.kill(holders[first].pid, signal.SIGKILL)
    with app.app_context():
        db.session.execute(update(Lease).values(until=clock.now()))  # the lease ends, as after two minutes
        db.session.commit()
    wait_until(lambda: in_context(app, holder) not in (None, first))
    wait_until(lambda: in_the_trash(app) == 0)


def bury(app: Flask, set_clock: SetClock) -> None:
    """Put products that have long expired into the trash."""
    set_clock(timedelta(days=-40))
    with app.app_context():
        begin_write(db.session)  # or it would fail where a process that sweeps writes in between
        keys = [row.id for row in products(3)]
        db.session.commit()
        trash_products(keys)
        db.session.commit()
    clock.set_clock(None)
    assert in_the_trash(app) == 3


@pytest.mark.sqlite
def test_sweep_on_full_disk_changes_nothing_and_is_retried(
    app: Flask, set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    bury(app, set_clock)
    runner = Runner(app)
    with app.app_context():
        assert hold(db.engine, LEASE, runner.holder)
        with no_file_grows():
            runner.turn()
        assert "Could not sweep the trash" in caplog.text
        assert in_the_trash(app) == 3
        set_clock(TRIED_AGAIN_AFTER)
        runner.turn()
        assert in_the_trash(app) == 0
        assert verify(db.session).faults == []


def in_context(app: Flask, ask: object) -> str | None:
    with app.app_context():
        return ask()  # type: ignore[operator, no-any-return]


def wait_until(is_so: object, seconds: float = 60) -> None:
    """Wait for a condition; fails where it stays false."""
    deadline = monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert monotonic() < deadline
        sleep(0.05)
