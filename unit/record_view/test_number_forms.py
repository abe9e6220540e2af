"""Numbers of own records in the form of the user, in columns of each type of number."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Float, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form, value
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base
from unit.record_view.stored import cell_of, change_elsewhere, rows

AT = "/admin/own_dials"
EDIT = f"{AT}/edit/?id=1"
FORMS = ("point", "comma", "space", "apostrophe")
NUMBERS = {"exact": Decimal("1.234"), "small": Decimal("1.234"), "share": 1.234, "whole": 1234}
GERMAN = {"Accept-Language": "de"}


class Dial(Base):
    """A record with a number of every type."""

    __tablename__ = "own_dials"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    exact: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    small: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    share: Mapped[float | None] = mapped_column(Float)
    whole: Mapped[int | None]


class DialView(RecordView):
    """Dials whose cells can be edited."""

    column_editable_list = ("exact", "share", "whole")
    column_filters = ("exact", "share", "whole")


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one dial."""
    app = console(lambda: DialView(Dial))
    with app.app_context():
        db.session.add(Dial(name="Oak", **NUMBERS))
        db.session.commit()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def numbers(app: Flask) -> dict[str, Any]:
    """The numbers of the dial, as they are stored."""
    [row] = rows(app, Dial)
    return {name: row[name] for name in NUMBERS}


def opened(client: FlaskClient, form: str) -> dict[str, str]:
    """The fields of the form that a user opens who chose this form of numbers."""
    client.set_cookie("numbers", form)
    return record_form(client.get(EDIT).text).to_dict()


@pytest.mark.parametrize("before", FORMS)
@pytest.mark.parametrize("after", FORMS)
def test_form_saved_under_another_form_changes_nothing(
    before: str, after: str, app: Flask, editor: FlaskClient
) -> None:
    form = opened(editor, before)
    editor.set_cookie("numbers", after)
    assert is_redirect(editor.post(EDIT, data={**form, "name": "Elm"}))
    assert numbers(app) == NUMBERS


@pytest.mark.parametrize("field", ["exact", "share"])
@pytest.mark.parametrize(("form", "typed"), [("comma", "2.345"), ("space", "2 345"), ("point", "2,345")])
def test_number_means_what_it_means_in_the_chosen_form(
    field: str, form: str, typed: str, app: Flask, editor: FlaskClient
) -> None:
    sent = opened(editor, form)
    assert is_redirect(editor.post(EDIT, data={**sent, field: typed}))
    assert numbers(app)[field] == 2345


@pytest.mark.parametrize("field", ["exact", "share"])
@pytest.mark.parametrize("typed", ["2.345", "2,345"])
def test_number_on_a_page_that_nobody_chose_a_form_for_is_a_question(
    field: str, typed: str, app: Flask, editor: FlaskClient
) -> None:
    form = record_form(editor.get(EDIT, headers=GERMAN).text)
    refused = editor.post(EDIT, data={**form, field: typed}, headers=GERMAN)
    assert "can mean 2345 or 2,345" in field_errors(refused.text)[field]
    assert numbers(app) == NUMBERS


@pytest.mark.parametrize("then", FORMS)
def test_merge_page_saves_the_number_that_was_typed(then: str, app: Flask, editor: FlaskClient) -> None:
    form = opened(editor, "comma")
    change_elsewhere(app, Dial, name="Theirs")
    merge = editor.post(EDIT, data={**form, "exact": "2.345", "share": "3,456"})
    assert merge.status_code == 409
    editor.set_cookie("numbers", then)
    assert is_redirect(editor.post(EDIT, data=record_form(merge.text)))
    assert numbers(app) == {**NUMBERS, "exact": Decimal(2345), "share": 3.456}


@pytest.mark.parametrize("then", FORMS)
def test_number_that_was_refused_is_no_other_one_after_a_merge(
    then: str, app: Flask, editor: FlaskClient
) -> None:
    form = opened(editor, "comma")
    change_elsewhere(app, Dial, name="Theirs")
    merge = editor.post(EDIT, data={**form, "small": "2.345"})  # 2345 is too large
    editor.set_cookie("numbers", then)
    answer = editor.post(EDIT, data=record_form(merge.text))
    assert "smaller number" in field_errors(answer.text)["small"]
    assert numbers(app) == NUMBERS


@pytest.mark.parametrize("typed", ["2.345", "2,345"])
def test_merge_page_keeps_the_question_about_a_number(typed: str, app: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(EDIT, headers=GERMAN).text)
    change_elsewhere(app, Dial, name="Theirs")
    merge = editor.post(EDIT, data={**form, "exact": typed}, headers=GERMAN)
    answer = editor.post(EDIT, data=record_form(merge.text), headers=GERMAN)
    assert "can mean 2345 or 2,345" in field_errors(answer.text)["exact"]
    assert numbers(app) == NUMBERS


@pytest.mark.parametrize(
    ("field", "typed", "stored", "shown"),
    [
        ("exact", "2.345", 2345, "2.345,000"),
        ("exact", "2,345", Decimal("2.345"), "2,345"),
        ("share", "2,5", 2.5, "2,5"),
        ("whole", "2.345", 2345, "2.345"),
    ],
)
def test_cell_is_read_and_answered_in_the_form_of_its_page(
    field: str, typed: str, stored: Any, shown: str, app: Flask, editor: FlaskClient
) -> None:
    sent = cell_of(editor, AT, field, typed)
    answer = editor.post(f"{AT}/cell/", data=sent, headers={"X-Numbers": "comma"})
    assert answer.json["shown"] == shown
    assert numbers(app)[field] == stored


@pytest.mark.parametrize("form", FORMS)
def test_cell_that_is_opened_and_saved_keeps_its_number(form: str, app: Flask, editor: FlaskClient) -> None:
    editor.set_cookie("numbers", form)
    [table] = read(editor.get(f"{AT}/").text).all("table", class_="records")
    assert table.attributes["data-numbers"] == form
    for field in ("exact", "share", "whole"):
        answer = editor.post(f"{AT}/cell/", data=cell_of(editor, AT, field, "5"), headers={"X-Numbers": form})
        held = answer.json["value"]
        editor.post(f"{AT}/cell/", data=cell_of(editor, AT, field, held), headers={"X-Numbers": form})
        assert numbers(app)[field] == 5


@pytest.mark.parametrize(("form", "typed", "then"), [("comma", "1,5", "2.500"), ("point", "1.5", "2,500")])
def test_many_go_back_to_the_form_with_what_was_typed(
    form: str, typed: str, then: str, app: Flask, editor: FlaskClient
) -> None:
    editor.set_cookie("numbers", form)
    token = read(editor.get(f"{AT}/").text).fields["csrf_token"]
    first = {"csrf_token": token, "action": "edit", "rowid": "1"}
    page = editor.post(f"{AT}/action/", data=first)
    names = ("exact", "share", "whole")
    changes = {f"{name}-how": "set" for name in names} | {"exact": typed, "share": typed, "whole": "7"}
    shown = editor.post(f"{AT}/action/", data={**record_form(page.text), **changes})
    back = editor.post(f"{AT}/action/", data={**record_form(shown.text), "stage": "form"})
    assert [value(back.text, name) for name in names] == [typed, typed, "7"]
    again = editor.post(f"{AT}/action/", data={**record_form(back.text), "exact": then, "share": then})
    assert is_redirect(editor.post(f"{AT}/action/", data={**record_form(again.text), "confirm": "1"}))
    assert numbers(app) == {**NUMBERS, "exact": 2500, "share": 2500, "whole": 7}


@pytest.mark.parametrize("form", FORMS)
def test_filter_finds_the_same_whoever_opens_its_address(form: str, editor: FlaskClient) -> None:
    editor.set_cookie("numbers", form)
    address = f"{AT}/?exact_min=1.2340&exact_max=1.2340&share_min=1.2&whole_min=1234"
    page = editor.get(address).text
    assert "Oak" in page
    assert value(page, "exact_min").replace(",", ".") == "1.2340"
    assert "Oak" not in editor.get(f"{AT}/?exact_min=1234").text


@pytest.mark.parametrize("name", ["exact", "share", "whole"])
@pytest.mark.parametrize(("mark", "typed"), [("comma", "1.234"), ("space", "1 234"), ("point", "1,234")])
def test_filter_beside_empty_options_has_an_address_with_one_form(
    name: str, mark: str, typed: str, editor: FlaskClient
) -> None:
    answer = editor.get(f"{AT}/", query_string={f"{name}_min": typed, "dashboard-numbers": mark})
    assert is_redirect(answer)
    assert answer.location == f"{AT}/?{name}_min=1234"
    [bar] = [form for form in read(editor.get(f"{AT}/").text).all("form") if f"{name}_min" in form.fields]
    assert f"{name}_max" in bar.fields
