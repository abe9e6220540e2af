"""The words for own records: those of the field, the same everywhere."""

import pytest
from flask import Flask

from dashboard.extensions import db
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import As
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS, confirm

pytestmark = pytest.mark.both_databases


def test_restoring_a_taken_value_says_that_nothing_was_restored(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    confirm(editor, f"{SUPPLIERS}/delete/?id=2")
    with suppliers.app_context():
        db.session.add(Supplier(name="Elm"))
        db.session.commit()
    confirm(editor, "/admin/trash/restore/?id=1")
    assert flashes(editor.get("/admin/trash/").text) == [
        ("error", "Nothing was restored: another supplier now has this Name.")
    ]


def test_choices_have_the_same_words_in_the_list_and_in_the_history(as_role: As) -> None:
    editor, address = as_role("editor"), f"{SUPPLIERS}/edit/?id=1"
    editor.post(address, data={**record_form(editor.get(address).text), "terms": "net_60"})
    assert "Net 60" in read(editor.get(f"{SUPPLIERS}/?column=terms").text).all("tbody")[0].text
    timeline = read(editor.get(f"{SUPPLIERS}/history/?id=1").text).all("main")[0].text
    assert "Net 30" in timeline
    assert "Net 60" in timeline


def test_fields_say_how_days_times_and_durations_are_written(as_role: As) -> None:
    page = read(as_role("editor").get(f"{SUPPLIERS}/new/").text)
    hints = {each.attributes["id"].removesuffix("-help"): each.text for each in page.all("p", class_="help")}
    assert hints == {
        "since": "For example, 2026-03-31",
        "seen_at": "For example, 2026-03-31 09:30",
        "called_at": "For example, 2026-03-31 09:30. Time zone: UTC.",
        "opens": "For example, 09:30",
        "lead": "For example, 1:30:00",
    }


def test_new_record_does_not_get_the_number_of_a_deleted_one(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    confirm(editor, f"{SUPPLIERS}/delete/?id=4")
    form = record_form(editor.get(f"{SUPPLIERS}/new/").text)
    editor.post(f"{SUPPLIERS}/new/", data={**form, "name": "Yew"})
    confirm(editor, "/admin/trash/restore/?id=1")
    with suppliers.app_context():
        assert {row.id: row.name for row in db.session.query(Supplier)} == {
            1: "Oak & Sons",
            2: "Elm",
            3: "Ash",
            4: "Birch",
            5: "Yew",
        }
