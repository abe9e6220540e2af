"""Every page of records whose keys are texts, UUIDs or large numbers, and addresses that no record has."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import select

from dashboard.admin.kit.selection import MAXIMUM_SELECTION
from dashboard.admin.record_view.view import RecordView
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.answers import is_redirect
from dashboard.trash.models import Trashed
from unit.admin.reading import read, record_form, row_titles
from unit.record_view.boxes import KEYS, NAMES, Boxes, BytesBox, TextBox
from unit.record_view.conftest import With

pytestmark = pytest.mark.both_databases


MODELS = pytest.mark.parametrize("model", KEYS)


@pytest.fixture
def boxes(console: With, model: Any) -> Boxes:
    """Five boxes whose keys are of the type of `model`."""
    return Boxes(console(lambda: RecordView(model)), model)


@MODELS
def test_links_of_each_row_lead_to_its_own_pages(boxes: Boxes) -> None:
    body = read(boxes.client.get(f"{boxes.at}/?sort=name").text).all("tbody")[0]
    for name, row in zip(NAMES, body.all("tr"), strict=True):
        links = [link.attributes["href"] for link in row.all("a")]
        assert [urlsplit(link).path.split("/")[-2] for link in links] == ["details", "edit", "delete"]
        for link in links:
            main = read(boxes.client.get(link).text).all("main")[0]
            assert name in main.all("h1")[0].text or name in record_form(boxes.client.get(link).text).values()


@MODELS
def test_picked_records_are_named_and_deleted_and_no_other(boxes: Boxes) -> None:
    ticks = read(boxes.client.get(f"{boxes.at}/?sort=name").text).all("input", name="rowid")
    picked = [tick.attributes["value"] for tick in ticks][1:4]
    question = boxes.send(rowid=picked).text
    assert [each in question for each in NAMES] == [False, True, True, True, False]
    boxes.confirm(question, f"{boxes.at}/action/")
    assert set(boxes.stored().values()) == {"Ash", "Oak"}


@MODELS
def test_all_that_match_are_deleted_and_restored_to_the_letter(boxes: Boxes) -> None:
    before = boxes.stored()
    boxes.confirm(boxes.send(matching="q=a").text, f"{boxes.at}/action/")
    gone = {key for key, name in before.items() if "a" in name.lower()}
    assert boxes.stored() == {key: name for key, name in before.items() if key not in gone}
    with boxes.app.app_context():
        ids = [str(key) for key in db.session.scalars(select(Trashed.id))]
    assert len(ids) == len(gone)
    token = read(boxes.client.get(f"{boxes.at}/").text).fields["csrf_token"]
    sent = {"csrf_token": token, "action": "restore", "rowid": ids}
    boxes.confirm(boxes.client.post("/admin/trash/action/", data=sent).text, "/admin/trash/action/")
    assert boxes.stored() == before
    with boxes.app.app_context():
        assert verify(db.session).faults == []


@MODELS
def test_record_changed_since_the_question_is_not_deleted(boxes: Boxes) -> None:
    one, many = boxes.client.get(boxes.of("delete", 1)).text, boxes.send(matching="").text
    edit = boxes.of("edit", 1)
    form = record_form(boxes.client.get(edit).text)
    assert is_redirect(boxes.client.post(edit, data={**form, "name": "Beech"}))
    boxes.message()
    for question, address in ((one, boxes.of("delete", 1)), (many, f"{boxes.at}/action/")):
        boxes.confirm(question, address)
        assert "“Beech” has changed since you opened this page." in boxes.message()
    assert len(boxes.stored()) == len(NAMES)


@MODELS
def test_neighbours_lead_through_the_list_in_both_directions(boxes: Boxes) -> None:
    back = quote(f"{boxes.at}/?sort=name", safe="")
    address, walked = f"{boxes.of('details', 0)}&next={back}", []
    while address:
        main = read(boxes.client.get(address).text).all("main")[0]
        walked.append(main.all("h1")[0].text)
        after = [link.attributes["href"] for link in main.all("a", rel="next")]
        before = [link.attributes["href"] for link in main.all("a", rel="prev")]
        if len(walked) > 1:
            assert read(boxes.client.get(before[0]).text).all("h1")[0].text == walked[-2]
        address = after[0] if after else ""
    assert walked == NAMES


@pytest.mark.parametrize("model", [model for model in KEYS if model is not BytesBox])
def test_file_has_the_keys_as_they_are_but_no_formula(boxes: Boxes) -> None:
    text = boxes.client.get(f"{boxes.at}/export/csv/?sort=name").text
    header, *rows = csv.reader(StringIO(text))
    keys = {row[header.index("key")].removeprefix("'") for row in rows}
    assert keys == {key_text(key) for key in boxes.keys}


@MODELS
def test_palette_leads_to_the_record(boxes: Boxes) -> None:
    [group] = boxes.client.get("/admin/palette/?q=birch").json["groups"]
    [item] = group["items"]
    assert parse_qs(urlsplit(item["url"]).query, keep_blank_values=True)["id"] == [key_text(boxes.keys[1])]
    assert "Birch" in boxes.client.get(item["url"]).text


@MODELS
def test_deleted_record_is_found_in_the_trash_by_its_address(boxes: Boxes) -> None:
    boxes.confirm(boxes.client.get(boxes.of("delete", 1)).text, boxes.of("delete", 1))
    assert "Birch" in boxes.message()
    with boxes.app.app_context():
        key = db.session.scalars(select(Trashed.id)).one()
    found = boxes.client.get(boxes.of("details", 1))
    assert urlsplit(found.headers["Location"]).path == "/admin/trash/details/"
    assert urlsplit(found.headers["Location"]).query == f"id={key}"
    timeline = boxes.client.get(boxes.of("history", 1))
    assert f"/admin/trash/details/?id={key}" in timeline.text


@MODELS
def test_saved_view_shows_the_same_rows(boxes: Boxes) -> None:
    new, listed = f"{boxes.at}/views/new/", f"{boxes.at}/?q=a&sort=-name"
    form = record_form(boxes.client.get(f"{new}?next={quote(listed, safe='')}").text)
    answer = boxes.client.post(new, data={**form, "next": listed, "name": "With an a"})
    assert is_redirect(answer)
    assert row_titles(boxes.client.get(answer.headers["Location"]).text) == ["Oak", "Cedar", "Ash"]


HOSTILE = {
    "a key of no record": "nothing",
    "NUL": "%00",
    "NUL inside": "a%00b",
    "lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "long": "9" * 7_000,
    "long text": "%C3%BC" * 1_200,
    "overflow": str(2**63),
    "underflow": str(-(2**63) - 1),
    "leading zero": "007",
    "plus": "%2B1",
    "digits beyond ASCII": "%D9%A1",
    "underscore": "1_0",
    "other letters": "0000000000000000000000000000000A",
    "braces": "{00000000-0000-0000-0000-000000000000}",
    "space": "%201",
    "no number": "NaN",
}


@MODELS
def test_address_of_no_record_is_not_found(boxes: Boxes) -> None:
    pages = ("details", "edit", "delete", "history")
    for name, text in HOSTILE.items():
        answers = {page: boxes.client.get(f"{boxes.at}/{page}/?id={text}").status_code for page in pages}
        assert (name, answers) == (name, dict.fromkeys(pages, 404))


@MODELS
def test_unreadable_keys_in_a_selection_are_left_out(boxes: Boxes) -> None:
    boxes.send(
        rowid=["\0", "\ud800".encode("utf-8", "surrogatepass"), "9" * 10_000, "x" * 10_000, str(2**63)]
    )
    assert boxes.message() == "Nothing is selected."
    assert len(boxes.stored()) == len(NAMES)


@pytest.mark.parametrize("model", [TextBox])
def test_longest_selection_of_text_keys_is_deleted_and_no_longer_one(boxes: Boxes) -> None:
    keys = [f"{number:04}" + "ü&" * 98 for number in range(MAXIMUM_SELECTION)]
    with boxes.app.app_context():
        db.session.add_all(TextBox(key=key, name="Many") for key in keys)
        db.session.commit()
    boxes.send(rowid=[*keys, boxes.keys[0]])
    assert boxes.message() == "Select at most 1,000 at once. Nothing was changed."
    assert len(boxes.stored()) == len(NAMES) + MAXIMUM_SELECTION
    boxes.confirm(boxes.send(rowid=keys).text, f"{boxes.at}/action/")
    assert boxes.message() == "1,000 text boxes deleted."
    assert set(boxes.stored().values()) == set(NAMES)


class OneColumn(RecordView):
    """A list with one column."""

    column_list = ("name",)


@pytest.mark.parametrize("model", [TextBox])
def test_palette_finds_records_of_a_list_with_one_column(console: With, model: Any) -> None:
    boxes = Boxes(console(lambda: OneColumn(model)), model)
    [group] = boxes.client.get("/admin/palette/?q=birch").json["groups"]
    assert [(item["label"], item["hint"]) for item in group["items"]] == [("Birch", "Text box")]


@MODELS
def test_record_with_an_empty_name_is_called_by_its_key(boxes: Boxes) -> None:
    with boxes.app.app_context():
        db.session.get_one(boxes.model, boxes.keys[2]).name = ""
        db.session.commit()
    name = f"no. {key_text(boxes.keys[2])}".strip()
    title = read(boxes.client.get(boxes.of("details", 2)).text).all("h1")[0].text
    question = boxes.client.get(boxes.of("delete", 2)).text
    assert (title, read(question).all("h1")[0].text) == (name, f"Delete {name}?")
    boxes.confirm(question, boxes.of("delete", 2))
    assert name in boxes.message()


@pytest.mark.parametrize("model", [TextBox])
def test_address_without_a_key_is_not_that_of_the_empty_key(boxes: Boxes) -> None:
    pages = ("details", "edit", "delete", "history")
    assert {boxes.client.get(f"{boxes.at}/{page}/").status_code for page in pages} == {404}
    assert {boxes.client.get(f"{boxes.at}/{page}/?id=").status_code for page in pages} == {200}
