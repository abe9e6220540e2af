"""Moments in forms and cells: shown and typed on the clock of the person's zone, stored in UTC."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Supplier
from unit.record_view.stored import change_elsewhere, rows

pytestmark = pytest.mark.both_databases
AT = "/admin/own_suppliers"
EDIT = f"{AT}/edit/?id=1"
NOON = datetime.fromisoformat("2026-03-31 12:00")


class View(RecordView):
    """Suppliers by their moments."""

    column_list = ("name", "called_at", "seen_at", "city")
    column_editable_list = ("called_at", "city")
    column_filters = ("called_at", "seen_at")


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one supplier."""
    app = console(lambda: View(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak", called_at=NOON.replace(tzinfo=UTC), seen_at=NOON))
        db.session.commit()
    return app


@pytest.fixture
def berlin(app: Flask) -> FlaskClient:
    """A browser of an editor in Berlin."""
    client = logged_in(app, "editor")
    client.set_cookie("browser_zone", "Europe/Berlin")
    return client


@pytest.fixture
def elsewhere(app: Flask) -> Callable[..., None]:
    """`elsewhere(column=value)` is a change by another program."""
    return partial(change_elsewhere, app, Supplier)


def called(app: Flask) -> str:
    """The stored moment, in UTC."""
    found = rows(app, Supplier)[0]["called_at"]
    return str((found.astimezone(UTC) if found.tzinfo else found).replace(tzinfo=None))


def form(client: FlaskClient, address: str = EDIT) -> dict[str, str]:
    """The fields of the form of the supplier."""
    return dict(record_form(client.get(address).text))


def test_form_shows_the_time_of_the_zone_and_names_it(berlin: FlaskClient) -> None:
    page = berlin.get(EDIT).text
    fields = record_form(page)
    assert (fields["called_at"], fields["called_at-zone"]) == ("2026-03-31 14:00", "Europe/Berlin")
    help_ = read(page).all("p", id="called_at-help")[0].text
    assert help_ == "For example, 2026-03-31 09:30. Time zone: Europe/Berlin."


def test_form_without_a_zone_says_utc(app: Flask) -> None:
    page = logged_in(app, "editor").get(EDIT).text
    assert record_form(page)["called_at"] == "2026-03-31 12:00"
    assert read(page).all("p", id="called_at-help")[0].text.endswith("Time zone: UTC.")


def test_column_without_a_zone_is_never_moved(app: Flask, berlin: FlaskClient) -> None:
    assert form(berlin)["seen_at"] == "2026-03-31 12:00"
    assert is_redirect(berlin.post(EDIT, data={**form(berlin), "seen_at": "2026-06-01 08:15"}))
    assert str(rows(app, Supplier)[0]["seen_at"]) == "2026-06-01 08:15:00"
    row = read(berlin.get(f"{AT}/?seen_at_from=2026-06-01&seen_at_to=2026-06-01").text).all("tbody")[0]
    (moment,) = row.all("td", data_label="Seen at")[0].all("time")
    assert (moment.text, moment.attributes["datetime"]) == ("1 Jun 2026", "2026-06-01T08:15:00")
    assert "title" not in moment.attributes


def test_typed_time_is_on_the_clock_of_the_zone(app: Flask, berlin: FlaskClient) -> None:
    assert is_redirect(berlin.post(EDIT, data={**form(berlin), "called_at": "2026-12-01 08:00"}))
    assert called(app) == "2026-12-01 07:00:00"
    assert form(berlin)["called_at"] == "2026-12-01 08:00"


def test_time_that_reads_like_the_stored_one_in_utc_is_another(app: Flask, berlin: FlaskClient) -> None:
    assert is_redirect(berlin.post(EDIT, data={**form(berlin), "called_at": "2026-03-31 12:00"}))
    assert called(app) == "2026-03-31 10:00:00"


@pytest.mark.parametrize(
    "stored", ["2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-03-31 12:00:07.000012"]
)
def test_unchanged_time_stays_to_the_letter(
    app: Flask, berlin: FlaskClient, elsewhere: Callable[..., None], stored: str
) -> None:
    elsewhere(called_at=datetime.fromisoformat(stored).replace(tzinfo=UTC))
    assert is_redirect(berlin.post(EDIT, data={**form(berlin), "city": "Rome"}))
    assert (called(app), rows(app, Supplier)[0]["city"]) == (stored, "Rome")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (
            "2026-03-29 02:30",
            "In Europe/Berlin clocks skip 02:30 on 29 Mar 2026. Type 2026-03-29 03:30, or another time.",
        ),
        (
            "2026-10-25 02:30",
            "In Europe/Berlin clocks show 02:30 twice on 25 Oct 2026. Type 2026-10-25 02:30+02:00 for the "
            "first, or 2026-10-25 02:30+01:00 for the second.",
        ),
        ("0001-01-01 00:00", "Enter a date and a time, such as 2026-03-31 09:30."),
        ("soon", "Enter a date and a time, such as 2026-03-31 09:30."),
    ],
)
def test_time_without_one_meaning_is_refused_with_what_to_type(
    app: Flask, berlin: FlaskClient, typed: str, error: str
) -> None:
    answer = berlin.post(EDIT, data={**form(berlin), "called_at": typed})
    assert field_errors(answer.text) == {"called_at": error}
    assert record_form(answer.text)["called_at"] == typed
    assert called(app) == "2026-03-31 12:00:00"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-10-25 02:30+02:00", "2026-10-25 00:30:00"),
        ("2026-10-25 02:30+01:00", "2026-10-25 01:30:00"),
        ("2026-10-25 02:30 UTC", "2026-10-25 02:30:00"),
    ],
)
def test_time_with_an_offset_means_that_moment(
    app: Flask, berlin: FlaskClient, typed: str, stored: str
) -> None:
    assert is_redirect(berlin.post(EDIT, data={**form(berlin), "called_at": typed}))
    assert called(app) == stored


def test_form_keeps_the_zone_that_it_was_opened_in(app: Flask, berlin: FlaskClient) -> None:
    opened = form(berlin)
    berlin.set_cookie("zone", "America/New_York")
    assert is_redirect(berlin.post(EDIT, data={**opened, "city": "Rome"}))
    assert called(app) == "2026-03-31 12:00:00"
    opened = {**opened, **{k: v for k, v in form(berlin).items() if k == "dashboard-version"}}
    assert is_redirect(berlin.post(EDIT, data={**opened, "called_at": "2026-06-01 14:00"}))
    assert called(app) == "2026-06-01 12:00:00"


def test_form_of_a_browser_whose_zone_was_unknown_stays_in_utc(app: Flask) -> None:
    client = logged_in(app, "editor")
    opened = form(client)
    client.set_cookie("browser_zone", "Europe/Berlin")
    assert is_redirect(client.post(EDIT, data={**opened, "called_at": "2026-06-01 14:00"}))
    assert called(app) == "2026-06-01 14:00:00"


def test_forged_zone_of_a_form_is_read_as_that_of_the_person(app: Flask, berlin: FlaskClient) -> None:
    data = {**form(berlin), "called_at-zone": "../../etc/passwd", "called_at": "2026-06-01 14:00"}
    assert is_redirect(berlin.post(EDIT, data=data))
    assert called(app) == "2026-06-01 12:00:00"


def test_new_record_is_typed_in_the_zone(app: Flask, berlin: FlaskClient) -> None:
    address = f"{AT}/new/"
    data = {**form(berlin, address), "name": "Elm", "called_at": "2026-06-01 14:00"}
    assert is_redirect(berlin.post(address, data=data))
    assert str(rows(app, Supplier)[1]["called_at"]).startswith("2026-06-01 12:00:00")


def test_merge_shows_all_versions_on_the_clock_of_the_zone(
    app: Flask, berlin: FlaskClient, elsewhere: Callable[..., None]
) -> None:
    opened = form(berlin)
    elsewhere(called_at=datetime(2026, 3, 31, 15, tzinfo=UTC))
    answer = berlin.post(EDIT, data={**opened, "called_at": "2026-03-31 20:00"})
    assert answer.status_code == 409
    main = read(answer.text).all("main")[0].text
    for words in ("31 Mar 2026, 14:00", "31 Mar 2026, 17:00", "31 Mar 2026, 20:00"):
        assert words in main
    assert "2026-03-31 1" not in main
    options = read(answer.text).all("input", name="called_at", type="radio")
    mine = next(each.attributes["value"] for each in options if "18:00" in each.attributes["value"])
    data = {**record_form(answer.text), "called_at": mine}
    assert is_redirect(berlin.post(EDIT, data=data))
    assert called(app) == "2026-03-31 18:00:00"


def test_cell_is_edited_on_the_clock_of_the_zone(app: Flask, berlin: FlaskClient) -> None:
    html = berlin.get(f"{AT}/").text
    table, token = read(html).all("table")[0], read(html).fields["csrf_token"]
    assert json.loads(table.attributes["data-texts"])["1"]["called_at"] == "2026-03-31 14:00"
    sent = {"id": "1", "version": table.attributes["data-versions"], "csrf_token": token}
    refused = berlin.post(f"{AT}/cell/", data={**sent, "field": "called_at", "value": "2026-03-29 02:30"})
    assert (refused.status_code, "clocks skip 02:30" in refused.json["error"]) == (422, True)
    saved = berlin.post(f"{AT}/cell/", data={**sent, "field": "called_at", "value": "2026-06-01 00:30"})
    assert (saved.json["shown"], saved.json["value"]) == ("1 Jun 2026", "2026-06-01 00:30")
    exact = {"datetime": "2026-05-31T22:30:00+00:00", "title": "31 May 2026, 22:30 UTC"}
    assert saved.json["moment"] == exact
    assert called(app) == "2026-05-31 22:30:00"


def test_many_records_are_edited_in_the_zone(app: Flask, berlin: FlaskClient) -> None:
    changes = {"called_at-how": "set", "called_at": "2026-06-01 14:00", "called_at-zone": "Europe/Berlin"}
    preview = edit(berlin, 1, **changes)
    assert "1 Jun 2026, 14:00" in read(preview.text).all("main")[0].text
    assert is_redirect(confirmed(berlin, preview))
    assert called(app) == "2026-06-01 12:00:00"


def test_list_page_and_history_show_the_zone(app: Flask, berlin: FlaskClient) -> None:
    berlin.post(EDIT, data={**form(berlin), "called_at": "2026-06-01 00:30"})
    cell = read(berlin.get(f"{AT}/").text).all("tbody")[0].all("td", data_label="Called at")[0]
    (moment,) = cell.all("time")
    assert (moment.text, moment.attributes["title"]) == ("1 Jun 2026", "31 May 2026, 22:30 UTC")
    for page in (f"{AT}/details/?id=1", f"{AT}/history/?id=1"):
        shown = [each.text for each in read(berlin.get(page).text).all("time")]
        assert "1 Jun 2026, 00:30" in shown, page


def test_filter_by_day_means_the_day_of_the_person(app: Flask, berlin: FlaskClient) -> None:
    berlin.post(EDIT, data={**form(berlin), "called_at": "2026-06-01 00:30"})
    for day, number in (("2026-05-31", 0), ("2026-06-01", 1)):
        page = read(berlin.get(f"{AT}/?called_at_from={day}&called_at_to={day}").text)
        assert len(page.all("td", data_label="Called at")) == number
