"""The page about the columns of a file: sheets, notes, faults that come late, and kinds that need a proof."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.extensions import db
from dashboard.importing.flows import CHECKING
from dashboard.jobs.models import Job, State
from dashboard.records import RecordView
from dashboard.sheets.limits import Limits
from unit.accounts.proving import asks_for_proof, way_back
from unit.conftest import SetClock
from unit.importing.conftest import Rows
from unit.importing.pages import IMPORT, Pages, buttons, main, number_in
from unit.record_view.conftest import With
from unit.record_view.kinds import Supplier


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


BOOK: Mapping[str, Sequence[Sequence[object]]] = {
    "Suppliers": [["name", "city"], ["Fir", "Ulm"]],
    "Others": [["name", "rating"], ["Yew", 3.5], ["Box", 2]],
}


def test_sheet_of_a_workbook_is_chosen(pages: Pages, rows: Rows) -> None:
    columns = pages.columns(workbook(**BOOK), name="suppliers.xlsx")
    assert "Fir" in pages.text(columns)
    assert pages.send(columns, "Read this sheet", sheet="Others").location == columns
    assert "Yew · Box" in pages.text(columns)
    answer = pages.send(columns, "Check")
    pages.work()
    pages.apply(str(answer.location), "Import all 2 rows")
    assert ("Box", 2.0) in rows(select(Supplier.name, Supplier.rating))


@pytest.mark.parametrize("notes", [[], [["Prices of autumn"]]], ids=["empty", "one line"])
def test_workbook_that_begins_with_a_page_of_notes_is_read_from_its_table(
    pages: Pages, notes: Sequence[Sequence[object]]
) -> None:
    columns = pages.columns(workbook(Cover=notes, **BOOK), name="suppliers.xlsx")

    assert "Only the sheet “Suppliers” is read" in pages.text(columns)
    assert "Fir" in pages.text(columns)


def test_workbook_without_a_table_says_what_its_first_sheet_lacks(pages: Pages) -> None:
    answer = pages.upload(workbook(Cover=[["Prices"]], Other=[]), name="suppliers.xlsx")

    assert "This file has a header, but no rows below it." in main(answer).text


def test_sheet_that_is_not_there_is_refused_beside_the_choice(pages: Pages) -> None:
    columns = pages.columns(workbook(**BOOK))
    answer = pages.send(columns, "Read this sheet", sheet="Secret")
    assert "Not a valid choice" in main(answer).text


def test_workbook_with_one_sheet_asks_for_none(pages: Pages) -> None:
    page = pages.get(pages.columns(workbook(Only=BOOK["Suppliers"])))
    assert "Sheet “Only” of a workbook" in main(page).text
    assert "Read this sheet" not in buttons(page)


def test_quote_that_is_never_closed_is_told_on_the_form(pages: Pages) -> None:
    columns = pages.columns('name,city\nOak,Ulm\n"Fir,Ulm\n')
    assert pages.get(columns).location == IMPORT
    assert "Row 3 can't be read: a quote" in main(pages.get(IMPORT)).all("div", class_="error")[0].text


def test_second_press_of_check_leads_to_the_same_check(pages: Pages, rows: Rows) -> None:
    columns = pages.columns()
    sent = pages.form(columns, "Check")
    answers = [pages.client.post(columns, data=sent) for _ in range(2)]
    assert answers[0].location == answers[1].location == f"{IMPORT}check/?id={number_in(columns)}"
    assert rows(select(Job.state)) == [(State.WAITING,)]
    assert CHECKING not in pages.text(str(answers[0].location))


def test_column_more_than_a_form_can_ask_about_is_refused(pages: Pages, suppliers: Flask) -> None:
    settings = suppliers.extensions["settings"]
    suppliers.extensions["settings"] = replace(settings, import_limits=Limits(columns=5000))
    names = ",".join(f"c{number}" for number in range(1901))
    answer = pages.upload(f"{names}\n{names}\n")
    assert "This file has 1,901 columns. Pages can ask about 1,900 at most." in main(answer).text


class Proved(RecordView):
    """Suppliers that only a fresh proof lets change."""

    needs_proof = True


@pytest.fixture
def proved(console: With) -> Pages:
    return Pages(console(lambda: Proved(Supplier)))


def test_kind_that_needs_a_proof_asks_for_it_before_the_decision(proved: Pages, set_clock: SetClock) -> None:
    check = proved.check("name,city\nFir,Ulm\n")
    set_clock(FRESH_FOR + timedelta(seconds=1))
    assert way_back(proved.get(check)) == check
    sent = {"id": str(number_in(check)), "whole": "1", "csrf_token": proved.token}
    assert asks_for_proof(proved.client.post(f"{IMPORT}apply/", data=sent))
    with proved.app.app_context():
        assert db.session.scalar(select(func.count()).where(Job.work == "import")) == 0


def test_upload_needs_no_proof_since_it_changes_no_record(proved: Pages, set_clock: SetClock) -> None:
    set_clock(FRESH_FOR + timedelta(seconds=1))
    assert proved.upload().status_code == 303
