"""The chain of seals: verification finds every change of the history."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from dashboard.cli import main
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.catalogue import a_product
from unit.history.reading import seals
from unit.history.tampering import tamper


@pytest.mark.both_databases
def test_untouched_history_is_valid(written: Flask) -> None:
    verdict = verify(db.session)
    assert (verdict.sets, verdict.changes, verdict.erased, verdict.faults) == (3, 5, 0, [])
    assert verdict.head == f"{seals()[-1].id}:{seals()[-1].hash.hex()}"


def test_empty_history_is_valid(context: Flask) -> None:
    verdict = verify(db.session)
    assert (verdict.sets, verdict.head, verdict.faults) == (0, "", [])


@pytest.mark.security(82)
@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE change_sets SET author_id = 7 WHERE id = 2", "change set 2 is not what was sealed"),
        ("UPDATE change_sets SET note = 'was me' WHERE id = 1", "change set 1 is not what was sealed"),
        ("UPDATE changes SET record_id = 77 WHERE id = 3", "change set 2 is not what was sealed"),
        ("UPDATE changes SET fields = '{}' WHERE id = 3", "change 3 does not say what it said"),
        (
            "UPDATE changes SET fields = NULL, salt = NULL WHERE id = 3",
            "change 3 is blank, and the history tells of no",
        ),
        ("DELETE FROM changes WHERE id = 4", "change set 2 is not what was sealed"),
        ("DELETE FROM change_seals WHERE change_set_id = 2", "change set 2 was never sealed"),
        ("UPDATE change_seals SET changes = 9 WHERE id = 1", "change set 1 is not what was sealed"),
    ],
)
def test_verification_finds_changed_history(written: Flask, statement: str, fault: str) -> None:
    tamper(statement)
    assert any(fault in each for each in verify(db.session).faults), verify(db.session).faults


@pytest.mark.security(82)
def test_verification_finds_a_removed_change_set(written: Flask) -> None:
    tamper(
        "DELETE FROM change_seals WHERE change_set_id = 2",
        "DELETE FROM changes WHERE change_set_id = 2",
        "DELETE FROM change_sets WHERE id = 2",
    )
    (fault,) = verify(db.session).faults
    assert "change set 3 is not what was sealed" in fault


def test_noted_seal_shows_that_the_end_was_cut_off(written: Flask) -> None:
    noted = verify(db.session).head
    tamper(
        "DELETE FROM change_seals WHERE change_set_id = 3",
        "DELETE FROM changes WHERE change_set_id = 3",
        "DELETE FROM change_sets WHERE id = 3",
    )
    assert verify(db.session).faults == []
    assert verify(db.session, noted).faults == [f"the seal {noted} that was noted is gone"]


@pytest.fixture
def command(written: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line over the same database."""
    url = db.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
    monkeypatch.setenv("DASHBOARD_INSTANCE", written.instance_path)
    db.session.remove()
    return CliRunner()


@pytest.mark.sqlite
def test_command_says_that_history_is_valid_and_its_last_seal(command: CliRunner) -> None:
    answer = command.invoke(main, ["history", "verify"])
    assert answer.exit_code == 0, answer.output
    assert "The history is unchanged: 3 change sets with 5 changes, 0 erased." in answer.output
    head = answer.output.split()[-1]
    assert command.invoke(main, ["history", "verify", "--head", head]).exit_code == 0


@pytest.mark.sqlite
def test_command_names_the_faults_and_fails(command: CliRunner) -> None:
    tamper("UPDATE changes SET fields = '{}' WHERE id = 3")
    db.session.remove()
    answer = command.invoke(main, ["history", "verify"])
    assert answer.exit_code == 1
    assert "change 3 does not say what it said" in answer.output
    assert "tampered" in answer.output


@pytest.mark.sqlite
def test_database_file_refuses_changes_by_other_programs(written: Flask) -> None:
    a_product()
    db.session.commit()
    with closing(sqlite3.connect(Path(str(db.engine.url.database)))) as connection:
        for statement in ("UPDATE changes SET version = 9", "DELETE FROM change_sets"):
            with pytest.raises(sqlite3.IntegrityError, match="the history cannot be changed"):
                connection.execute(statement)
