"""Rows of a file by the rules of a form: what each does, over both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.admin.record_view.view import RecordView
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing import checking
from dashboard.importing.result import read_result
from dashboard.jobs.acting import acting_as
from dashboard.jobs.models import State
from dashboard.permissions import Access, Role
from unit.importing.conftest import Importing, Rows
from unit.record_view.conftest import With
from unit.record_view.kinds import Club, Country, Member, Supplier

pytestmark = pytest.mark.both_databases


def of(name: str) -> Any:
    return select(Supplier.city, Supplier.country_code, Supplier.active, Supplier.size).where(
        Supplier.name == name
    )


def test_new_row_gets_the_defaults_of_the_form(importing: Importing, rows: Rows) -> None:
    importing.run("name\nYew\n")
    assert rows(of("Yew")) == [(None, None, True, 3)]


@pytest.mark.parametrize(("blank", "city"), [("keep", "Bonn"), ("clear", None)])
def test_blank_cell_keeps_or_empties_its_field(
    importing: Importing, rows: Rows, blank: str, city: str | None
) -> None:
    importing.run("name,city,size\nOak & Sons,,4\n", blank=blank)
    assert rows(of("Oak & Sons")) == [(city, "de", True, 4)]


@pytest.mark.parametrize("text", ["de", "Germany", " Germany "])
def test_reference_is_a_key_or_a_name(importing: Importing, rows: Rows, text: str) -> None:
    importing.run(f"name,country\nElm,{text}\n")
    assert rows(of("Elm")) == [(None, "de", False, 3)]


def test_file_of_many_batches_is_read_to_its_end(
    importing: Importing, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    file = "name,country\n" + "".join(f"Yew {number},Germany\n" for number in range(7))
    assert importing.run(file).message == "7 suppliers created."


@pytest.mark.parametrize(
    ("file", "chosen", "reason"),
    [
        ("name,country\nElm,Atlantis\n", {}, "Country: No country is called “Atlantis”."),
        ("name,active\nElm,perhaps\n", {}, "Active: Choose one of these."),
        ("name,city\nElm,Ulm\n", {"mode": "create"}, "Name: A supplier has this Name already."),
        ("name,city\nYew,Ulm\n", {"mode": "change"}, "Name: No supplier has this Name."),
        ("id,name\n2,Oak & Sons\n", {"key": "id"}, "Name: This name is already in use."),
        ("id,name\n99,Yew\n", {"key": "id"}, "Number: No supplier has this Number."),
        ("id,name\nx,Yew\n", {"key": "id"}, "Number: No supplier has this Number."),
        ("name,city\nYew\0,Ulm\n", {}, "“name” holds a NUL character."),
        ("name,active\nElm,\n", {"blank": "clear"}, "Active: Choose one of these."),
        (
            "name,called_at\nYew,0001-01-01 00:00+14:00\n",
            {},
            "Called at: Enter a date and a time, such as 2026-03-31 09:30.",
        ),
        ("id,name\n1,Yew\n2,Yew\n", {"key": "id"}, "Name: Row 2 has the same Name."),
    ],
)
def test_row_is_refused_with_its_reason(
    importing: Importing, file: str, chosen: dict[str, Any], reason: str
) -> None:
    assert importing.refused(importing.check(file, **chosen)) == [reason]


def test_row_is_found_by_its_number_and_a_blank_one_is_new(importing: Importing, rows: Rows) -> None:
    job = importing.run("Number,name,city\n2,Elm tree,Ulm\n,Yew,Kiel\n", key="id")
    assert job.message == "1 supplier created, 1 changed."
    assert rows(of("Elm tree")) == [("Ulm", None, False, 3)]


def test_rows_without_a_key_are_new_records(importing: Importing, rows: Rows) -> None:
    job = importing.run("name\nYew\nFir\n", key="")
    assert job.message == "2 suppliers created."


def test_row_that_the_database_refuses_leaves_the_good_rows(importing: Importing) -> None:
    file = 'name,extra\nYew,"""\\ud800"""\nFir,1\nAlder,2\n'
    job = importing.run(file, whole=False)
    assert (job.state, job.message) == (State.DONE, "2 suppliers created, 1 refused.")
    [reason] = importing.refused(job.id)
    assert "codec" not in reason


def test_record_that_changed_since_the_check_is_not_overwritten(importing: Importing, rows: Rows) -> None:
    number = importing.check("name,city\nElm,Trier\nAsh,Ulm\n")
    with importing.app.app_context():
        begin_write(db.session)
        db.session.scalars(select(Supplier).where(Supplier.name == "Elm")).one().city = "Kiel"
        db.session.commit()
    job_id = importing.ask(number)
    importing.work()
    told = "Row 2 was refused: Another user changed this record since the check. Check the file again."
    assert importing.job(job_id).message == f"{told} Nothing was imported."
    assert rows(of("Elm")) == [("Kiel", None, False, 3)]
    assert rows(of("Ash"))[0][0] == "köln"


def test_surprising_changes_are_pointed_at(importing: Importing, suppliers: Any) -> None:
    with suppliers.app_context():
        begin_write(db.session)
        for at, row in enumerate(db.session.scalars(select(Supplier).order_by(Supplier.id))):
            row.size, row.city = 10 + at, "Bonn"
        db.session.commit()
    file = "name,size,city\nOak & Sons,100,\nElm,1,\nAsh,1,Bonn\n"
    number = importing.check(file, blank="clear")
    assert read_result(importing.result(number)).sentences == [
        "“Size” becomes 10 times as high or as low in 3 rows: row 2 from 10 to 100, row 3 from 11 to 1, "
        "row 4 from 12 to 1.",
        "“City” is emptied in 2 of 3 rows.",
    ]


def test_hooks_run_within_the_import_and_after_it(console: With) -> None:
    called = list[str]()

    class Hooked(RecordView):
        def on_model_change(self, form: Any, model: Supplier, is_created: bool) -> None:
            model.notes = f"{form['name'].data} {is_created}"

        def after_model_change(self, form: Any, model: Supplier, is_created: bool) -> None:
            called.append(model.name)

    importing = Importing(console(lambda: Hooked(Supplier)))
    importing.run("name\nYew\nFir\n")
    with importing.app.app_context():
        assert {*db.session.scalars(select(Supplier.notes))} == {"Yew True", "Fir True"}
    assert called == ["Yew", "Fir"]


def test_records_that_the_user_may_not_see_are_not_changed(console: With) -> None:
    class InBonn(RecordView):
        def get_query(self) -> Any:
            return super().get_query().filter(Supplier.city == "Bonn")

    importing = Importing(console(lambda: InBonn(Supplier), lambda: RecordView(Country)))
    with importing.app.app_context():
        db.session.add(Supplier(name="Hidden", city="Ulm"))
        db.session.commit()
    job = importing.run("name,rating\nHidden,3\n")
    assert (job.state, job.message) == (
        State.FAILED,
        "Row 2 was refused: Name: This name is already in use. Nothing was imported.",
    )


@pytest.fixture
def members(console: With) -> Importing:
    """Imports of members, who need a club, of which there is one."""
    importing = Importing(console(lambda: RecordView(Member), lambda: RecordView(Club)), "own_members")
    with importing.app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.commit()
    return importing


def test_unknown_name_creates_a_record_once_where_that_is_chosen(members: Importing) -> None:
    number = members.check("name,club\nAnn,Go\nBob,Chess\nCid,Go\nDot,Bridge\n", related=["club_id"])
    assert members.result(number)["related"] == {"club_id": ["Go", "Bridge"]}
    job_id = members.ask(number)
    members.work()
    assert members.job(job_id).message == "4 members created."
    with members.app.app_context():
        names = select(Member.name, Club.name).join(Club, Member.club_id == Club.id).order_by(Member.name)
        assert [tuple(row) for row in db.session.execute(names)] == [
            ("Ann", "Go"), ("Bob", "Chess"), ("Cid", "Go"), ("Dot", "Bridge"),
        ]  # fmt: skip
    assert members.undo(job_id).message == "6 members undone."
    with members.app.app_context():
        assert db.session.scalars(select(Club.name)).all() == ["Chess"]


def test_unknown_name_is_refused_by_the_rules_of_its_own_form(members: Importing) -> None:
    number = members.check(f"name,club\nAnn,{'x' * 100}\n", related=["club_id"])
    [reason] = members.refused(number)
    assert reason.startswith("Club: Use at most 80 characters")


class OfAdmins(RecordView):
    """Clubs that only admins may change."""

    roles = {Access.WRITE: Role.ADMIN}  # noqa: RUF012


def test_undo_needs_the_right_to_change_what_was_created_besides(console: With) -> None:
    importing = Importing(console(lambda: RecordView(Member), lambda: OfAdmins(Club)), "own_members")
    set_role(importing, Role.ADMIN)
    job = importing.run("name,club\nAnn,Go\n", related=["club_id"])
    assert job.message == "1 member created."
    set_role(importing, Role.EDITOR)
    undo = importing.undo(job.id)
    assert (undo.state, undo.message) == (State.FAILED, "You may no longer change these records.")
    with importing.app.app_context():
        assert db.session.scalars(select(Club.name)).all() == ["Go"]


def set_role(importing: Importing, role: Role) -> None:
    with importing.app.app_context():
        begin_write(db.session)
        db.session.get_one(User, importing.owner).role = role
        db.session.commit()


def test_kind_that_needs_more_than_a_name_is_not_created(importing: Importing) -> None:
    with acting_as(importing.app, importing.owner, "fields"):
        assert {each.can_create for each in importing.importer.fields} == {""}
