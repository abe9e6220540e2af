"""Jobs from the command line: the list, cancelling, and the process that does them."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask

from dashboard.accounts.models import User
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.models import Job, State
from dashboard.jobs.worker import UNKNOWN
from dashboard.serving import jobs_process
from dashboard.serving.jobs_process import COMMAND, JobsProcess
from dashboard.testing.accounts import an_account, email_of
from unit.cli.conftest import Run, Start

PATIENCE_SECONDS = 30
OTHER = (sys.executable, "-c", "import sys; sys.stdin.read()")


def add_job(title: str = "Products as CSV", state: State = State.WAITING) -> int:
    """Add a job for work that this console does not know."""
    begin_write(db.session)
    owner = db.session.query(User).first() or an_account("editor", email=email_of("editor"))
    job = Job(work="gone", title=title, owner_id=owner.id, params="{}", state=state)
    db.session.add(job)
    db.session.commit()
    return job.id


def state_of(number: int) -> State:
    """The state of a job now."""
    db.session.rollback()
    return db.session.get_one(Job, number, populate_existing=True).state


def wait_until_failed(number: int) -> None:
    """Wait until a worker has found out that nothing does this job."""
    ends = monotonic() + PATIENCE_SECONDS
    while state_of(number) is not State.FAILED and monotonic() < ends:
        sleep(0.05)
    assert db.session.get_one(Job, number).message == UNKNOWN


def test_list_has_open_jobs_and_all_on_request(run: Run, console: Flask) -> None:
    add_job("Products as CSV")
    add_job("Old list", State.DONE)
    assert "waiting  0  editor@example.test  Products as CSV" in run("jobs", "list").output
    assert "Old list" not in run("jobs", "list").output
    assert "Old list" in run("jobs", "list", "--all").output


def test_list_of_no_jobs_says_so(run: Run) -> None:
    assert run("jobs", "list").output == "No jobs.\n"


def test_waiting_job_is_cancelled(run: Run, console: Flask) -> None:
    number = add_job()
    result = run("jobs", "cancel", str(number))
    assert (result.exit_code, result.output) == (0, f"Job {number} is cancelled.\n")
    assert state_of(number) is State.CANCELLED


def test_running_job_ends_after_its_step(run: Run, console: Flask) -> None:
    number = add_job(state=State.RUNNING)
    assert run("jobs", "cancel", str(number)).output == f"Job {number} ends after its present step.\n"
    db.session.rollback()
    assert db.session.get_one(Job, number, populate_existing=True).cancel_asked


@pytest.mark.parametrize(("number", "words"), [(1, "has ended already: done"), (9, "There is no job 9.")])
def test_job_that_cannot_be_cancelled_is_named(run: Run, console: Flask, number: int, words: str) -> None:
    add_job(state=State.DONE)
    result = run("jobs", "cancel", str(number))
    assert result.exit_code == 1
    assert words in result.output


def test_worker_does_jobs_and_ends_when_told_to(start: Start, console: Flask) -> None:
    process = start("worker")
    wait_until_failed(add_job())
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0


def test_worker_beside_a_server_ends_with_its_input(
    instance: Path, console: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_INSTANCE", str(instance))
    process = JobsProcess()
    process.keep_running()
    wait_until_failed(add_job())
    process.ask_to_stop()
    assert process.child
    assert process.child.wait(PATIENCE_SECONDS) == 0


def test_process_that_died_is_started_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    process = JobsProcess(OTHER)
    process.keep_running()
    first = process.child
    assert first
    process.keep_running()
    assert process.child is first
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    process.keep_running()
    assert process.child is first  # not yet
    monkeypatch.setattr(jobs_process, "STARTED_AGAIN_AFTER", 0)
    process.keep_running()
    assert process.child is not first
    first.stdin.close()  # type: ignore[union-attr]
    process.stop(PATIENCE_SECONDS)
    assert process.child.returncode == 0


def test_process_that_does_not_end_is_killed() -> None:
    process = JobsProcess((sys.executable, "-c", "import time; time.sleep(60)"))
    process.keep_running()
    process.stop(0.1)
    assert process.child
    assert process.child.returncode == -signal.SIGKILL


def test_process_runs_the_worker() -> None:
    assert COMMAND[1:] == ("-m", "dashboard", "worker", "--until-input-ends")
    assert subprocess.run([*COMMAND, "--help"], capture_output=True, check=False).returncode == 0
