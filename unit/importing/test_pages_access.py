"""Whose imports a user sees: only their own, admins those of others without the rows."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.accounts.models import User
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.importing.models import RefusedRow
from dashboard.jobs.files import forget_files
from dashboard.jobs.forgetting import ERASED
from dashboard.jobs.models import Job, JobFile, State
from dashboard.permissions import Role
from dashboard.testing.accounts import an_account, email_of
from unit.importing.conftest import Rows
from unit.importing.pages import FILE, IMPORT, Pages, buttons, main, number_in
from unit.record_view.kinds import Supplier

NAMES = select(Supplier.name, Supplier.city).order_by(Supplier.name)
REFUSED = f"{FILE}Fir,Ulm,high\n"
PAGES = ("columns", "check", "result", "undo", "refused")


def ended(pages: Pages) -> tuple[int, int]:
    """The numbers of a check and of an import that refused a row."""
    check = pages.check(REFUSED)
    return number_in(check), number_in(pages.apply(check, "Import the good rows"))


@pytest.fixture
def other(suppliers: Flask) -> Pages:
    """Another editor."""
    with suppliers.app_context():
        begin_write(db.session)
        an_account("editor", email="other@example.test")
        db.session.commit()
    return Pages(suppliers, "other@example.test")


def test_other_users_find_none_of_the_pages(pages: Pages, other: Pages) -> None:
    for number in ended(pages):
        for page in PAGES:
            assert other.get(f"{IMPORT}{page}/?id={number}").status_code == 404, page
        sent = {"id": str(number), "csrf_token": other.token, "whole": "1"}
        for page in ("columns", "apply", "undo", "give-up"):
            assert other.client.post(f"{IMPORT}{page}/", data=sent).status_code == 404, page


def test_admin_sees_numbers_but_no_rows_and_can_undo(suppliers: Flask, pages: Pages, rows: Rows) -> None:
    before = rows(NAMES)
    check, result = ended(pages)
    admin = Pages(suppliers, "admin")
    page = admin.get(f"{IMPORT}result/?id={result}")
    assert "Refused 1" in main(page).text
    assert "Enter a number" not in main(page).text
    for address in (f"refused/?id={result}", f"refused/?id={check}", f"check/?id={check}"):
        assert admin.get(f"{IMPORT}{address}").status_code == 404
    assert "Show the import" in admin.text(f"/admin/jobs/details/?id={result}")
    assert "Show the import" not in admin.text(f"/admin/jobs/details/?id={check}")
    admin.send(f"{IMPORT}undo/?id={result}", "Undo import")
    admin.work()
    assert rows(NAMES) == before


@pytest.mark.parametrize("text", ["", "0", "x", "9" * 40, "-1", "999999"])
def test_number_of_no_import_is_not_found(pages: Pages, text: str) -> None:
    for page in PAGES:
        assert pages.get(f"{IMPORT}{page}/?id={text}").status_code == 404


def test_import_of_another_list_is_not_found(pages: Pages) -> None:
    check = number_in(pages.check())
    for path in ("/admin/categories/import/", "/admin/own_countries/import/"):
        assert pages.get(f"{path}check/?id={check}").status_code == 404
    assert pages.get(f"{IMPORT}result/?id={check}").status_code == 404


def test_user_who_may_no_longer_change_records_sees_no_import(pages: Pages, suppliers: Flask) -> None:
    check = pages.check()
    with suppliers.app_context():
        begin_write(db.session)
        its = update(User).where(User.email == email_of("editor")).values(role=Role.VIEWER)
        db.session.execute(its, execution_options=PAST_LEDGER)
        db.session.commit()
    assert pages.get(check).status_code == 403
    page = pages.get(f"/admin/jobs/details/?id={number_in(check)}")
    assert "Show the import" not in main(page).text


def test_refused_rows_are_not_sent_to_other_sites(pages: Pages) -> None:
    check, _ = ended(pages)
    answer = pages.client.get(f"{IMPORT}refused/?id={check}", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_cancelled_check_can_be_started_again_while_its_file_is_kept(pages: Pages, rows: Rows) -> None:
    check = str(pages.send(pages.columns(), "Check").location)
    answer = pages.send(check, "Cancel job")
    assert answer.location == check
    assert rows(select(Job.state)) == [(State.CANCELLED,)]
    assert pages.send(check, "Start again").location == check
    pages.work()
    assert "New 1" in pages.text(check)


def test_erasure_forgets_rows_samples_and_names(pages: Pages, suppliers: Flask, rows: Rows) -> None:
    _, result = ended(pages)
    with suppliers.app_context():
        begin_write(db.session)
        db.session.scalars(select(Supplier).where(Supplier.name == "Elm")).one().city = "Kiel"
        db.session.commit()
    pages.send(f"{IMPORT}undo/?id={result}", "Undo import")
    pages.work()
    assert any("Elm" in text for (text,) in rows(select(Job.message)))
    with suppliers.app_context():
        begin_write(db.session)
        forget_files("own_suppliers")
        db.session.commit()
    assert rows(select(RefusedRow.number)) == []
    assert rows(select(JobFile.is_whole).where(JobFile.is_whole)) == []
    stored = [text for row in rows(select(Job.checkpoint, Job.message)) for text in row]
    assert not [text for text in stored for name in ("Elm", "Yew", "Fir", "Trier") if name in text]
    assert (ERASED,) in rows(select(Job.message))
    page = pages.get(f"{IMPORT}result/?id={result}")
    assert "New 1" in main(page).text
    assert buttons(page) == []
