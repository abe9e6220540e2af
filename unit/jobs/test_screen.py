"""The pages of jobs: who sees which, progress, cancelling, starting again, and files."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard import clock
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.files import forget_files
from dashboard.jobs.keeping import sweep
from dashboard.jobs.models import Job, State
from dashboard.jobs.run import Run
from dashboard.jobs.taking import Lost, take
from dashboard.jobs.worker import Worker
from dashboard.testing.accounts import an_account, the_account
from unit.admin.reading import read
from unit.conftest import ClientAs, SetClock, Submit
from unit.jobs.conftest import Ask, job, names, numbered, written

PAGE = "/admin/jobs/details/?id={}"
PROGRESS = "/admin/jobs/progress/?id={}"
SetJob = Callable[..., None]
WithFile = Callable[..., int]
FILE = "/admin/jobs/file/?id={}"


@pytest.fixture
def set_job(app: Flask) -> SetJob:
    """`set_job(number, **values)` changes a job as its worker would."""

    def set_job(number: int, **values: object) -> None:
        with app.app_context():
            begin_write(db.session)
            row = db.session.get_one(Job, number)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()

    return set_job


@pytest.fixture
def with_file(app: Flask, ask: Ask, set_job: SetJob) -> WithFile:
    """`with_file(kind, role)` makes a job that is done and has a file, and returns its number."""

    def with_file(record_kind: str = "products", role: str = "editor") -> int:
        number = ask(role=role, number=0)
        with app.app_context():
            written(number, b"sku\r\nA-1\r\n", "products.csv")
        set_job(number, state=State.DONE, record_kind=record_kind, message="1 product written.")
        return number

    return with_file


def statuses(client: FlaskClient, number: int) -> list[int]:
    return [client.get(each.format(number)).status_code for each in (PAGE, PROGRESS, FILE)]


@pytest.mark.both_databases
def test_users_see_their_own_jobs_and_admins_all(with_file: WithFile, client_as: ClientAs) -> None:
    number = with_file()
    for role, expected in (("editor", True), ("viewer", False), ("admin", True), ("owner", True)):
        client = client_as(role)
        assert ("Some work" in client.get("/admin/jobs/").text) == expected
        assert (client.get(PAGE.format(number)).status_code == 200) == expected


def test_jobs_say_by_name_who_asked_for_them(app: Flask, with_file: WithFile, client_as: ClientAs) -> None:
    number = with_file()
    with app.app_context():
        the_account("editor").name = "Ann Lee"
        db.session.commit()
    admin = client_as("admin")
    for address in ("/admin/jobs/", PAGE.format(number)):
        [person] = read(admin.get(address).text).all("span", class_="person")
        assert (person.text, person.attributes["title"]) == ("Ann Lee", "editor@example.test")


def test_admin_does_not_see_jobs_of_accounts_that_are_hidden(
    with_file: WithFile, client_as: ClientAs
) -> None:
    number = with_file(role="owner")
    assert statuses(client_as("admin"), number) == [404, 404, 404]


def test_file_is_for_the_owner_alone(with_file: WithFile, client_as: ClientAs) -> None:
    number = with_file()
    answer = client_as("editor").get(FILE.format(number))
    assert (answer.data, answer.mimetype) == (b"sku\r\nA-1\r\n", "text/csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=products.csv"
    assert statuses(client_as("admin"), number) == [200, 200, 403]
    assert statuses(client_as("viewer"), number) == [404, 404, 404]


def test_file_is_refused_once_its_owner_may_not_export(
    app: Flask, with_file: WithFile, client_as: ClientAs
) -> None:
    number = with_file()
    client = client_as("editor")
    with app.app_context():
        begin_write(db.session)
        db.session.get_one(Job, number).owner.role = "viewer"
        db.session.commit()
    assert client.get(FILE.format(number)).status_code == 403


def test_file_about_people_needs_a_fresh_proof(
    with_file: WithFile, client_as: ClientAs, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    number = with_file("users", "admin")
    client = client_as("admin")
    assert client.get(FILE.format(number)).status_code == 200
    set_clock(timedelta(minutes=6))
    assert client.get(FILE.format(number)).status_code == 302


def test_file_that_is_gone_is_told(ask: Ask, set_job: SetJob, client_as: ClientAs) -> None:
    number = ask(number=0)
    set_job(number, state=State.DONE)
    answer = client_as("editor").get(FILE.format(number), follow_redirects=True)
    assert "The file of this job is no longer kept." in answer.text


def test_page_says_how_far_a_job_is_and_how_long_it_takes(
    ask: Ask, set_job: SetJob, client_as: ClientAs, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    number = ask(number=0)
    client = client_as("editor")
    assert "Waiting for a worker" in client.get(PROGRESS.format(number)).text
    set_job(number, state=State.RUNNING, done=250, total=1000, started_at=clock.now())
    set_clock(timedelta(seconds=10))
    text = client.get(PROGRESS.format(number)).text
    assert "250 of 1,000" in text
    assert "25 a second, about 30 seconds left" in text


def test_job_that_no_worker_takes_says_so(ask: Ask, client_as: ClientAs, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    number = ask(number=0)
    client = client_as("editor")
    assert "No worker" not in client.get(PAGE.format(number)).text
    set_clock(timedelta(seconds=31))
    assert "No worker has taken this job yet." in client.get(PAGE.format(number)).text


def test_cancelled_job_is_started_again_by_its_owner(
    app: Flask, ask: Ask, client_as: ClientAs, submit: Submit, worker: Worker
) -> None:
    number = ask(number=4)
    admin, editor = client_as("admin"), client_as("editor")
    assert submit(admin, "/admin/jobs/cancel/", id=number).status_code == 303
    with app.app_context():
        assert job(number).state is State.CANCELLED
    assert submit(admin, "/admin/jobs/retry/", id=number).status_code == 403
    assert submit(editor, "/admin/jobs/retry/", id=number).status_code == 303
    worker.did_one()
    with app.app_context():
        assert (job(number).state, names()) == (State.DONE, numbered(4))
    answer = editor.get("/admin/")
    assert "Some work: 4 categories added." in answer.text
    assert "Some work" not in editor.get("/admin/").text


def test_job_of_another_user_cannot_be_cancelled(
    app: Flask, ask: Ask, client_as: ClientAs, submit: Submit
) -> None:
    number = ask(number=4, role="owner")
    for role in ("editor", "admin"):
        assert submit(client_as(role), "/admin/jobs/cancel/", id=number).status_code == 404
    with app.app_context():
        assert job(number).state is State.WAITING


def test_navigation_counts_the_running_jobs_of_this_browser(
    ask: Ask, client_as: ClientAs, submit: Submit
) -> None:
    number = ask(number=4)
    editor, other = client_as("editor"), client_as("editor")
    submit(editor, "/admin/jobs/cancel/", id=number)
    submit(editor, "/admin/jobs/retry/", id=number)
    assert "1 running" in editor.get("/admin/").text
    assert "1 running" not in other.get("/admin/").text


def test_erasing_a_person_deletes_files_about_people(
    app: Flask, with_file: WithFile, client_as: ClientAs, submit: Submit
) -> None:
    number, products = with_file("users", "admin"), with_file()
    with app.app_context():
        begin_write(db.session)
        gone = an_account(email="gone@example.test").id
        db.session.commit()
    owner = client_as("owner")
    submit(owner, "/admin/users/delete/", id=gone)
    submit(owner, "/admin/users/erase/", id=gone, typed="gone@example.test")
    with app.app_context():
        while sweep():
            pass
        assert [bool(job(each).files) for each in (number, products)] == [False, True]


def test_erasing_a_person_lets_running_exports_of_people_begin_again(
    app: Flask, ask: Ask, set_job: SetJob
) -> None:
    number = ask(role="admin", number=3)
    set_job(number, record_kind="users")
    with app.app_context():
        taken = take(db.engine, "exporting")
        assert taken
        begin_write(db.session)
        forget_files("users")
        db.session.commit()
        run = Run(taken, "exporting", db.engine)
        with pytest.raises(Lost), run.step_beside(done=1):
            raise AssertionError("The step must not begin.")
        assert job(number).state is State.WAITING


def test_link_of_another_site_does_not_make_a_browser_take_a_file(
    with_file: WithFile, client_as: ClientAs
) -> None:
    number = with_file()
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client_as("editor").get(FILE.format(number), headers=headers).status_code == 403
