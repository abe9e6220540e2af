"""The zone of a person: chosen in the profile, else that of the browser, else UTC."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.letters import until_words
from dashboard.extensions import db
from dashboard.preferences import in_zone, preferring
from dashboard.testing.accounts import PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.markup import read
from dashboard.testing.second_factors import an_authenticator, code_of
from unit.conftest import ClientAs, SetClock, Submit

HOSTILE = ["", "Mars/Base", "../../../etc/passwd", "<script>", "A" * 5000, "Europe/Berlin\r\nX: y"]


def zone_of(client: FlaskClient) -> str:
    """The zone in which a list says that its days are."""
    page = read(client.get("/admin/jobs/?asked_from=2026-01-01").text)
    return page.all("p", id="facet-asked-hint")[0].text.removeprefix("Days in ").partition(";")[0]


@pytest.fixture
def enter(app: Flask, submit: Submit) -> FlaskClient:
    """A browser at the login page, for the account of ``zoned@example.test``."""
    with app.app_context():
        an_account("editor", email="zoned@example.test")
        db.session.commit()
    return app.test_client()


def log_in(client: FlaskClient, submit: Submit, **more: str) -> None:
    """Log in by the form."""
    answer = submit(client, "/login", email="zoned@example.test", password=PASSWORD, **more)
    assert is_redirect(answer)


def test_browser_sends_its_zone_when_its_user_logs_in(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit, zone="America/New_York")
    assert zone_of(enter) == "America/New York"


def test_login_without_a_script_shows_utc(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit)
    assert zone_of(enter) == "UTC"


@pytest.mark.parametrize("zone", HOSTILE)
def test_zone_that_does_not_exist_is_ignored(enter: FlaskClient, submit: Submit, zone: str) -> None:
    log_in(enter, submit, zone=zone)
    assert zone_of(enter) == "UTC"


@pytest.mark.parametrize("cookie", ["zone", "browser_zone"])
@pytest.mark.parametrize("zone", ["Mars/Base", "../../../etc/passwd", "A" * 3000])
def test_forged_cookie_of_a_zone_is_ignored(client_as: ClientAs, cookie: str, zone: str) -> None:
    viewer = client_as("editor")
    viewer.set_cookie(cookie, zone)
    assert zone_of(viewer) == "UTC"
    assert viewer.get("/profile").status_code == 200


def test_refused_login_stores_no_zone(enter: FlaskClient, submit: Submit) -> None:
    submit(enter, "/login", email="zoned@example.test", password="wrong", zone="Asia/Tokyo")
    assert enter.get_cookie("browser_zone") is None


def test_mails_say_utc_whoever_asks_for_them(app: Flask, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 11, 27, 23, 30, 9, tzinfo=UTC))
    with app.app_context(), preferring(in_zone("Europe/Berlin")):
        assert until_words(timedelta(hours=1)) == "The link works once, until 28 Nov 2026, 00:30 UTC."


def test_link_to_the_login_page_sets_no_zone(enter: FlaskClient) -> None:
    enter.get("/login?zone=Asia/Tokyo")
    assert enter.get_cookie("browser_zone") is None


def test_registering_sends_the_zone_too(app: Flask, client: FlaskClient, submit: Submit) -> None:
    fields = {"email": "new@example.test", "password": PASSWORD, "confirm": PASSWORD}
    assert is_redirect(submit(client, "/register", **fields, zone="Asia/Tokyo"))
    assert zone_of(client) == "Asia/Tokyo"


def test_profile_chooses_another_zone_than_that_of_the_browser(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit, zone="America/New_York")
    fields = read(enter.get("/profile").text).all("form", action="/profile", method="post")[0].fields
    assert fields.get("zone", "") == ""
    enter.post("/profile", data={**fields, "zone": "Europe/Berlin"})
    assert zone_of(enter) == "Europe/Berlin"
    forms = [form.fields for form in read(enter.get("/profile").text).all("form", action="/profile")]
    [fields] = [each for each in forms if "zone" in each]
    assert fields["zone"] == "Europe/Berlin"
    enter.post("/profile", data={**fields, "zone": ""})
    assert zone_of(enter) == "America/New York"


def test_profile_names_the_zone_of_the_browser(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit, zone="America/New_York")
    options = read(enter.get("/profile").text).all("select", id="zone")[0].all("option")
    assert options[0].text == "This browser's: America/New York"
    assert options[1].text == "UTC"
    enter.delete_cookie("browser_zone")
    options = read(enter.get("/profile").text).all("select", id="zone")[0].all("option")
    assert options[0].text == "This browser's, which is not known: UTC"


def test_chosen_utc_holds_over_the_zone_of_the_browser(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit, zone="America/New_York")
    fields = read(enter.get("/profile").text).all("form", action="/profile", method="post")[0].fields
    enter.post("/profile", data={**fields, "zone": "UTC"})
    assert zone_of(enter) == "UTC"


def test_profile_refuses_a_zone_that_does_not_exist(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit)
    fields = read(enter.get("/profile").text).all("form", action="/profile", method="post")[0].fields
    answer = enter.post("/profile", data={**fields, "zone": "Mars/Base"})
    assert answer.status_code == 200
    assert "Choose one of these." in answer.text
    assert enter.get_cookie("zone") is None


def test_one_browser_says_nothing_of_another(client_as: ClientAs) -> None:
    one, other = client_as("editor"), client_as("admin")
    one.set_cookie("zone", "Europe/Berlin")
    assert [zone_of(each) for each in (one, other, one)] == ["Europe/Berlin", "UTC", "Europe/Berlin"]


def test_profile_sent_without_a_zone_is_saved(enter: FlaskClient, submit: Submit) -> None:
    log_in(enter, submit, zone="America/New_York")
    assert is_redirect(submit(enter, "/profile", name="Kim", mode="dark"))
    assert zone_of(enter) == "America/New York"


def test_login_with_a_second_factor_keeps_the_zone(app: Flask, enter: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        seed = an_authenticator(the_account("zoned@example.test"))
        db.session.commit()
    log_in(enter, submit, zone="Asia/Tokyo")
    assert is_redirect(submit(enter, "/login/factor", one_time_code=code_of(seed)))
    assert zone_of(enter) == "Asia/Tokyo"
