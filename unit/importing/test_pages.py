"""The pages of an import: the file, its columns, the check, the import and what can be done about it."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.history.models import ChangeSet
from dashboard.importing.models import RefusedRow
from dashboard.jobs.models import Job, State
from unit.importing.conftest import Rows
from unit.importing.pages import FILE, IMPORT, LIST, Pages, buttons, main, number_in
from unit.record_view.kinds import Supplier

NAMES = select(Supplier.name, Supplier.city).order_by(Supplier.name)
JOBS = select(func.count()).select_from(Job)


def test_list_leads_users_who_may_change_records_to_the_import(suppliers: Flask, pages: Pages) -> None:
    assert f'href="{IMPORT}"' in pages.get(LIST).text
    assert IMPORT not in Pages(suppliers, "viewer").get(LIST).text


def test_three_buttons_import_a_file_whose_header_matches(pages: Pages, rows: Rows) -> None:
    check = pages.check()
    text = pages.text(check)
    for words in ("New 1", "Changed 1", "Unchanged 1", "Refused 0", "Elm City — Trier"):
        assert words in text
    result = pages.apply(check)
    assert "1 supplier created, 1 changed, 1 as they were." in pages.text(result)
    assert ("Elm", "Trier") in rows(NAMES)
    assert ("Yew", "Ulm") in rows(NAMES)


def test_pasted_rows_are_imported(pages: Pages, rows: Rows) -> None:
    answer = pages.paste("Name\tCity\r\nFir, tall\tUlm\r\n")
    check = pages.send(str(answer.location), "Check")
    pages.work()
    pages.apply(str(check.location), "Import the row")
    assert ("Fir, tall", "Ulm") in rows(NAMES)


def test_example_is_a_file_that_can_be_imported(pages: Pages) -> None:
    answer = pages.get(f"{IMPORT}example/")
    assert answer.headers["Content-Disposition"] == "attachment; filename=own_suppliers-example.csv"
    text = pages.text(pages.check(answer.data))
    assert "New 2" in text
    assert "Refused 0" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"name,city\n", "This file has a header, but no rows below it."),
        (b"\x00\x01\x02\x03\x04\xff\xfe" * 50, "This file is neither a workbook nor text."),
        (b"name,name\nOak,Elm\n", "name"),
    ],
)
def test_file_that_is_no_table_is_refused_in_words(
    pages: Pages, rows: Rows, content: bytes, words: str
) -> None:
    answer = pages.upload(content)
    assert answer.status_code == 200
    assert words in main(answer).all("p", id="file-error")[0].text
    assert rows(select(Job.state)) in ([], [(State.CANCELLED,)])


def test_form_wants_a_file_or_rows_and_not_both(pages: Pages) -> None:
    assert "Choose a file, or paste rows below." in main(pages.paste("  ")).text
    both = pages.upload(FILE, text="name\nOak")
    assert "Choose a file or paste rows, not both." in main(both).text
    assert "name Oak" in main(both).all("textarea")[0].text


def test_refused_rows_can_be_downloaded_mended_and_uploaded_again(pages: Pages, rows: Rows) -> None:
    check = pages.check(f"{FILE}Fir,Ulm,high\n")
    page = pages.get(check)
    assert "Import the good rows" in buttons(page)
    assert "All or nothing is not possible with refused rows." in main(page).text
    assert "5 Rating: Enter a number" in main(page).text
    result = pages.apply(check, "Import the good rows")
    file = pages.get(f"{IMPORT}refused/?id={number_in(result)}")
    assert file.headers["Content-Disposition"] == "attachment; filename=own_suppliers-refused.csv"
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "name,city,rating,Error"
    assert lines[1].startswith("Fir,Ulm,high,")
    again = pages.check(file.data.replace(b"high", b"3"))
    pages.apply(again, "Import the row")
    assert ("Fir", "Ulm") in rows(NAMES)


def test_import_is_undone_after_a_question(pages: Pages, rows: Rows) -> None:
    before = rows(NAMES)
    result = pages.apply(pages.check())
    undo = f"{IMPORT}undo/?id={number_in(result)}"
    assert undo in pages.get(result).text
    assert "Undo the import of suppliers.csv?" in main(pages.get(undo)).text
    assert pages.send(undo, "Undo import").location == result
    pages.work()
    assert rows(NAMES) == before
    page = pages.get(result)
    assert "2 suppliers undone." in main(page).text
    assert undo not in page.text


def test_second_click_leads_to_the_same_job(pages: Pages, rows: Rows) -> None:
    check = pages.check()
    sent = {"id": str(number_in(check)), "whole": "1", "csrf_token": pages.token}
    first, second = (pages.client.post(f"{IMPORT}apply/", data=sent).location for _ in range(2))
    assert first == second
    pages.work()
    assert len(rows(select(Job.id).where(Job.work == "import"))) == 1


def test_columns_are_asked_again_after_a_refusal_with_all_that_was_chosen(pages: Pages) -> None:
    columns = pages.columns()
    answer = pages.send(columns, "Check", columns=["name", "name", "rating"], mode="create", blank="clear")
    page = main(answer)
    assert answer.status_code == 200
    assert "Two columns fill “Name”." in page.all("div", class_="summary")[0].text
    assert len(page.all("select", aria_invalid="true")) == 2
    checked = {each.attributes["value"] for each in page.all("input") if "checked" in each.attributes}
    assert {"create", "clear"} <= checked


def test_columns_page_shows_names_samples_and_needed_fields(pages: Pages) -> None:
    page = main(pages.get(pages.columns()))
    text = page.text
    assert "Oak & Sons · Elm · Yew" in text
    assert "Name (required)" in text
    fields = [each.all("option", selected="") for each in page.all("select", name="columns")]
    assert [each.attributes["value"] for [each] in fields] == ["name", "city", "rating"]


def test_encoding_is_asked_where_nobody_can_tell(pages: Pages) -> None:
    columns = pages.columns("name,city\nFir,Köln\n".encode("cp1252"))
    page = main(pages.get(columns))
    assert "Which of these shows all letters as they should be?" in page.text
    assert "Fir,Köln" in page.text
    answer = pages.send(columns, "Continue", encoding="windows-1252")
    assert "Köln" in pages.text(str(answer.location))


def test_file_is_read_again_with_another_separator(pages: Pages) -> None:
    columns = pages.columns("name;city\nFir;Ulm, Bonn\nElm;A,B\n")
    answer = pages.send(columns, "Read the file again", delimiter=",")
    assert "name;city" in pages.text(str(answer.location))
    pages.send(columns, "Read the file again", delimiter=";")
    assert "Ulm, Bonn" in pages.text(columns)


def test_refused_rows_are_separated_as_in_the_file(pages: Pages) -> None:
    check = pages.check("name;city;rating\nOak & Sons;Bonn;?\n")

    text = pages.get(f"{IMPORT}refused/?id={number_in(check)}").text

    assert text.splitlines()[0] == "\ufeffname;city;rating;Error"


def test_forged_answers_are_refused_beside_their_field(pages: Pages) -> None:
    columns = pages.columns()
    for name, value in [("mode", "all"), ("key", "city"), ("dates", "x"), ("blank", "x"), ("numbers", "x")]:
        answer = pages.send(columns, "Check", **{name: value})
        assert answer.status_code == 200, name
        assert main(answer).all("div", class_="summary"), name
    answer = pages.send(columns, "Check", columns=["name", "id; DROP", ""])
    assert "The columns of the file are others" in main(answer).text
    assert pages.send(columns, "Read the file again", encoding="rot13").status_code == 200


def test_check_again_with_other_columns(pages: Pages) -> None:
    check = pages.check()
    columns = f"{IMPORT}columns/?id={number_in(check)}"
    answer = pages.send(columns, "Check", columns=["name", "city", ""], mode="change")
    assert answer.location == check
    pages.work()
    text = pages.text(check)
    assert "Changed 1" in text
    assert "New 0" in text
    assert "Refused 1" in text


def test_page_of_a_check_after_its_import_leads_to_the_import(pages: Pages, rows: Rows) -> None:
    check = pages.check()
    result = pages.apply(check)
    page = pages.get(check)
    assert buttons(page) == []
    assert result in page.text
    assert pages.get(f"{IMPORT}columns/?id={number_in(check)}").location == check
    number = rows(select(func.count()).select_from(ChangeSet))
    sent = {"id": str(number_in(check)), "csrf_token": pages.token}
    answer = pages.client.post(f"{IMPORT}apply/", data=sent)
    assert answer.location == result
    assert rows(select(func.count()).select_from(ChangeSet)) == number


def test_nothing_to_import_offers_no_button(pages: Pages) -> None:
    page = pages.get(pages.check("name,city\nOak & Sons,Bonn\n"))
    assert "No row of this file creates or changes anything." in main(page).text
    assert not [each for each in buttons(page) if each.startswith("Import")]


def test_file_is_given_up(pages: Pages, rows: Rows) -> None:
    check = pages.check()
    assert pages.send(check, "Give up").location == LIST
    assert rows(select(Job.state, Job.message)) == [(State.CANCELLED, "Given up. Nothing was changed.")]
    columns = f"{IMPORT}columns/?id={number_in(check)}"
    assert pages.get(columns).location == IMPORT
    assert "The file of this import is no longer kept." in pages.text(IMPORT)


def test_draft_is_listed_leads_on_and_is_given_up_by_cancelling(pages: Pages, rows: Rows) -> None:
    columns = pages.columns()
    job = f"/admin/jobs/details/?id={number_in(columns)}"
    assert "Draft" in pages.text("/admin/jobs/?state=draft")
    page = pages.get(job)
    assert columns in page.text
    assert "data-open" not in page.text
    answer = pages.send(job, "Give up")
    assert answer.location == job
    assert rows(select(Job.state)) == [(State.CANCELLED,)]
    page = pages.get(job)
    assert "Given up. Nothing was changed." in main(page).text
    assert "Start again" not in buttons(page)


def test_page_of_a_job_leads_to_its_import(pages: Pages) -> None:
    check = pages.check()
    result = pages.apply(check)
    assert check in pages.get(f"/admin/jobs/details/?id={number_in(check)}").text
    assert result in pages.get(f"/admin/jobs/details/?id={number_in(result)}").text


def test_samples_of_refused_rows_are_stored_in_rows(pages: Pages, rows: Rows) -> None:
    check = pages.check(f"{FILE}Fir,Ulm,high\n")
    assert rows(select(RefusedRow.job_id, RefusedRow.number)) == [(number_in(check), 5)]


def test_no_page_is_cached_or_open_without_logging_in(suppliers: Flask, pages: Pages) -> None:
    check = pages.check()
    assert pages.get(check).headers["Cache-Control"] == "no-store"
    assert suppliers.test_client().get(check).location.startswith("/login?next=")
