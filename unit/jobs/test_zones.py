"""Jobs about the rows of a list, whose days are those of the user who asked."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.models import Job
from dashboard.jobs.worker import Worker
from dashboard.preferences import DEFAULT, preferences
from dashboard.testing.catalogue import a_product
from unit.conftest import ClientAs, Submit

DAY = "?created_from=2026-03-29&created_to=2026-03-29"


@pytest.fixture(autouse=True)
def _products(app: Flask) -> None:
    """A product of the day in Berlin alone, and one of the day in UTC alone."""
    with app.app_context():
        begin_write(db.session)
        for name, at in (("Berlin", "2026-03-28 23:30"), ("UTC", "2026-03-29 22:30")):
            a_product(name, created_at=datetime.fromisoformat(at).replace(tzinfo=UTC))
        db.session.commit()


def exported(app: Flask, client: FlaskClient, submit: Submit) -> list[dict[str, str]]:
    """The rows of the file of a day that a worker makes."""
    asked = submit(client, f"/admin/products/export/{DAY}", format="csv", column=["name", "created_at"])
    assert asked.status_code == 303, asked.text
    assert Worker(app).did_one()
    assert preferences() is DEFAULT
    text = client.get(asked.location.replace("details", "file")).data.decode("utf-8-sig")
    return [*csv.DictReader(io.StringIO(text))]


@pytest.mark.both_databases
def test_export_has_the_rows_of_the_day_of_who_asked(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    berlin, utc = client_as("editor"), client_as("editor")
    berlin.set_cookie("browser_zone", "Europe/Berlin")
    assert exported(app, berlin, submit) == [{"name": "Berlin", "created_at": "2026-03-28T23:30:00+00:00"}]
    assert [row["name"] for row in exported(app, utc, submit)] == ["UTC"]


def test_job_notes_the_zone_of_who_asked(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    berlin = client_as("editor")
    for zone in ("Europe/Berlin", "UTC"):
        berlin.set_cookie("zone", zone)
        submit(berlin, f"/admin/products/export/{DAY}", format="csv", column=["name"])
    with app.app_context():
        asked = [json.loads(each) for each in db.session.scalars(select(Job.params).order_by(Job.id))]
    assert [each.get("zone") for each in asked] == ["Europe/Berlin", None]
