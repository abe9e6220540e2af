"""Which database a test runs over, as its marker says."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dashboard.extensions import db
from unit.databases import is_left_out


def dialect(app: Flask) -> str:
    with app.app_context():
        return db.engine.dialect.name


@pytest.mark.both_databases
def test_a_test_for_both_databases_has_a_console_over_each(app: Flask, backend: str) -> None:
    assert dialect(app) == backend


@pytest.mark.both_databases
def test_a_test_for_both_databases_has_a_session_over_each(session: Session, backend: str) -> None:
    assert session.get_bind().dialect.name == backend


@pytest.mark.postgresql
def test_a_test_for_postgresql_runs_over_it_whatever_the_suite_does(app: Flask) -> None:
    assert dialect(app) == "postgresql"


@pytest.mark.sqlite
def test_a_test_for_sqlite_runs_over_it(app: Flask) -> None:
    assert dialect(app) == "sqlite"


def test_any_other_test_runs_over_what_the_suite_does(app: Flask, pytestconfig: pytest.Config) -> None:
    assert (dialect(app) == "postgresql") == pytestconfig.getoption("--postgresql")


def test_short_form_keeps_a_third_of_the_tests_of_screens() -> None:
    names = [f"unit/record_view/test_many.py::test_one[postgresql-{number}]" for number in range(300)]
    assert 70 < len([name for name in names if not is_left_out(name)]) < 130


def test_short_form_keeps_every_test_of_the_history() -> None:
    names = [f"unit/history/test_many.py::test_one[postgresql-{number}]" for number in range(300)]
    assert not any(map(is_left_out, names))
