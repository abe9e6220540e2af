"""Files that fill collections of other records, over both databases."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, String, Table, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.features.import_example import example_lines
from dashboard.admin.kit.screens import screens_of
from dashboard.admin.record_view.view import RecordView
from dashboard.bounds import LINKS
from dashboard.database.transactions import begin_snapshot, begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.jobs.acting import acting_as
from dashboard.jobs.models import State
from dashboard.listing.export import csv_lines
from dashboard.listing.state import read_query
from unit.conftest import CountQueries
from unit.importing.conftest import Importing
from unit.record_view.conftest import With
from unit.record_view.kinds import Base, Post, Tag
from unit.record_view.posts import PostView, filled, tags_of

pytestmark = pytest.mark.both_databases
SCREEN = "own_posts"


class WithNumbers(PostView):
    """Posts whose files have their keys."""

    column_export_list = ("id", "title", "tags")


@pytest.fixture
def posts(console: With) -> Flask:
    """Two posts, the first of which has the tags Blue and Red; there are Green and Yellow too."""
    return filled(console, lambda: PostView(Post), lambda: RecordView(Tag))


@pytest.fixture
def importing(posts: Flask) -> Importing:
    return Importing(posts, SCREEN)


def row(tags: str, title: str = "First", number: str = "1") -> str:
    """A file with one post."""
    target = io.StringIO()
    csv.writer(target).writerows([("id", "title", "tags"), (number, title, tags)])
    return target.getvalue()


def quoted(cell: str) -> str:
    """A cell as a CSV file has it."""
    return cell.replace('"', '""')


def exported(importing: Importing) -> str:
    """The list as a CSV file with the keys."""
    listing = next(each for each in screens_of(importing.app) if each.endpoint == SCREEN).listing
    with acting_as(importing.app, importing.owner, "export"):
        begin_snapshot(db.session)
        return "".join(csv_lines(db.session, listing, read_query(listing, "")))


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("Green", ["Green"]),
        ("Green; Yellow", ["Green", "Yellow"]),
        (" Yellow ;Green;; Yellow", ["Green", "Yellow"]),
        ("2;Green;Yellow", ["Green", "Yellow"]),
        ('"Green"; 4', ["Green", "Yellow"]),
        ("Red\nGreen", ["Green", "Red"]),
    ],
)
def test_cell_names_the_records_of_a_collection(importing: Importing, cell: str, tags: list[str]) -> None:
    job = importing.run(row(cell), key="id")
    assert (job.state, job.message) == (State.DONE, "1 changed.")
    assert tags_of(importing.app) == tags


def test_check_shows_the_names_before_and_after(importing: Importing) -> None:
    number = importing.check(row("Green;Red"), key="id")
    [sample] = importing.result(number)["changed"]
    assert (sample["before"], sample["after"]) == ({"tags": "Blue, Red"}, {"tags": "Green, Red"})
    assert tags_of(importing.app) == ["Blue", "Red"]


def test_same_records_in_another_order_change_nothing(importing: Importing) -> None:
    number = importing.check(row("Red; 1; Blue"), key="id")
    assert importing.result(number)["counts"] == {"create": 0, "change": 0, "nothing": 1, "refuse": 0}


@pytest.mark.parametrize(("blank", "tags"), [("keep", ["Blue", "Red"]), ("clear", [])])
def test_blank_cell_keeps_or_empties_the_collection(
    importing: Importing, blank: str, tags: list[str]
) -> None:
    importing.run(row("", title="Renamed"), key="id", blank=blank)
    assert tags_of(importing.app) == tags


def test_new_record_gets_its_collection_and_undo_removes_both(importing: Importing) -> None:
    job = importing.run("title,tags\nThird,Blue; Green\n", key="")
    assert tags_of(importing.app, 3) == ["Blue", "Green"]
    assert importing.undo(job.id).message == "1 post undone."
    assert tags_of(importing.app, 3) == []


def test_undo_puts_the_collection_back(importing: Importing) -> None:
    job = importing.run(row("Green"), key="id")
    assert tags_of(importing.app) == ["Green"]
    importing.undo(job.id)
    assert tags_of(importing.app) == ["Blue", "Red"]
    with importing.app.app_context():
        assert verify(db.session).faults == []


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Blue; Purple", "Tags: No tag is called “Purple”."),
        ("Blue; Purple; Pink", "Tags: No tag is called “Purple”. No tag is called “Pink”."),
        ('"Blue; Red"', "Tags: No tag is called “Blue; Red”."),
        ("x" * 301, "Tags: Use at most 300 characters; this has 301."),
        (
            "; ".join(map(str, range(LINKS + 1))),
            f"Tags: Enter at most {LINKS} records; these are {LINKS + 1}.",
        ),
    ],
)
def test_text_that_names_no_record_is_refused(importing: Importing, cell: str, reason: str) -> None:
    assert importing.refused(importing.check(row(cell), key="id")) == [reason]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Blue; " + "x" * 81, "Tags: Use at most 80 characters; this has 81."),
        (
            "; ".join(f"New {number}" for number in range(LINKS + 1)),
            f"Tags: Enter at most {LINKS} records; these are {LINKS + 1}.",
        ),
    ],
)
def test_name_that_can_not_be_created_is_refused(importing: Importing, cell: str, reason: str) -> None:
    assert importing.refused(importing.check(row(cell), key="id", related=["tags"])) == [reason]


def test_unknown_names_create_records_once(importing: Importing) -> None:
    file = 'id,title,tags\n1,First,"Blue; Purple; Pink"\n2,Second,Pink;Grey\n,Third,"Purple; Red"\n'
    number = importing.check(file, key="id", related=["tags"])
    assert importing.result(number)["related"] == {"tags": ["Purple", "Pink", "Grey"]}
    [first, _] = importing.result(number)["changed"]
    assert first["after"] == {"tags": "Blue, Purple, Pink"}
    job_id = importing.ask(number)
    importing.work()
    assert importing.job(job_id).message == "1 post created, 2 changed."
    assert [tags_of(importing.app, post) for post in (1, 2, 3)] == [
        ["Blue", "Pink", "Purple"],
        ["Grey", "Pink"],
        ["Purple", "Red"],
    ]
    importing.undo(job_id)
    with importing.app.app_context():
        assert db.session.scalars(select(Tag.name).order_by(Tag.name)).all() == [
            "Blue", "Green", "Red", "Yellow",
        ]  # fmt: skip


def test_name_of_several_records_is_refused_beside_one_that_is_created(importing: Importing) -> None:
    with importing.app.app_context():
        db.session.add(Tag(name="Blue"))
        db.session.commit()
    number = importing.check(row("Blue; Purple"), key="id", related=["tags"])
    told = "Tags: More than one tag is called “Blue”. Enter its number."
    assert importing.refused(number) == [told]


def test_exported_file_changes_nothing(console: With) -> None:
    app = filled(console, lambda: WithNumbers(Post), lambda: RecordView(Tag))
    importing = Importing(app, SCREEN)
    with app.app_context():
        begin_write(db.session)
        names = ["a; b", '"q"', "Blue", "2", " blanks ", "=1+1", ""]
        db.session.get_one(Post, 2).tags = [Tag(name=name) for name in names]
        db.session.commit()
    text = exported(importing)
    number = importing.check(text, key="id")
    assert importing.refused(number) == []
    assert importing.result(number)["counts"] == {"create": 0, "change": 0, "nothing": 2, "refuse": 0}
    [changed] = [each for each in csv.DictReader(io.StringIO(text)) if each["id"] == "2"]
    assert changed["tags"].count('"a; b"') == 1
    without = changed["tags"].replace('"a; b"', "")
    job = importing.run(text.replace(quoted(changed["tags"]), quoted(without)), key="id")
    assert job.message == "1 changed, 1 as they were."
    assert tags_of(app, 2) == sorted({*names} - {"a; b"})


class OwnTags(RecordView):
    """Tags without Red."""

    def get_query(self) -> Any:
        return super().get_query().filter(Tag.name != "Red")


@pytest.mark.parametrize(("cell", "tags"), [("Green", ["Green", "Red"]), ("", ["Red"])])
def test_records_that_the_user_may_not_see_stay(console: With, cell: str, tags: list[str]) -> None:
    app = filled(console, lambda: PostView(Post), lambda: OwnTags(Tag))
    importing = Importing(app, SCREEN)
    job = importing.run(row(cell), key="id", blank="clear")
    assert job.message == "1 changed."
    assert tags_of(app) == tags


def test_hidden_name_is_refused(console: With) -> None:
    app = filled(console, lambda: PostView(Post), lambda: OwnTags(Tag))
    importing = Importing(app, SCREEN)
    number = importing.check(row("Red", title="Second", number="2"), key="id")
    assert importing.refused(number) == ["Tags: No tag is called “Red”."]


def test_example_file_names_records_as_a_file_does(importing: Importing) -> None:
    with acting_as(importing.app, importing.owner, "example"):
        lines = [*example_lines(importing.importer)]
    assert lines[0].startswith("title,note,tags")
    assert "Blue; Green" in lines[1]
    job = importing.run("".join(lines), key="")
    assert job.message == "2 posts created."
    assert tags_of(importing.app, 3) == ["Blue", "Green"]


def test_kinds_that_refer_to_each_other_are_asked_for_once(importing: Importing) -> None:
    with acting_as(importing.app, importing.owner, "fields"):
        fields = {each.name: each for each in importing.importer.fields}
    assert fields["tags"].can_create == "tag"


def test_many_rows_take_few_statements(importing: Importing, count_queries: CountQueries) -> None:
    with importing.app.app_context():
        begin_write(db.session)
        tags = [Tag(name=f"Tag {number}") for number in range(30)]
        db.session.add_all(Tag(name=f"New {number}") for number in range(3, 43))
        db.session.add_all(Post(title=f"Post {number}", tags=tags) for number in range(40))
        db.session.commit()
    names = "; ".join(f"Tag {number}" for number in range(29))

    def statements(number: int) -> int:
        rows = "".join(f'{at},Post,"{names}; New {at}"\n' for at in range(3, 3 + number))
        with count_queries() as found:
            number_of = importing.check(f"id,title,tags\n{rows}", key="id")
        assert importing.result(number_of)["counts"]["change"] == number
        return len(found)

    assert statements(40) - statements(5) < 10


room_tags = Table(
    "own_room_tags",
    Base.metadata,
    Column("room_code", ForeignKey("own_rooms.code"), primary_key=True),
    Column("tag_id", ForeignKey("own_tags.id"), primary_key=True),
)


class Room(Base):
    """A record whose key is typed, with a collection."""

    __tablename__ = "own_rooms"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))

    tags: Mapped[list[Tag]] = relationship(secondary=room_tags)


class RoomView(RecordView):
    """Rooms whose key is typed."""

    form_columns = ("code", "name", "tags")
    column_list = ("code", "name", "tags")


def test_header_of_a_collection_is_no_name_of_the_key(console: With) -> None:
    app = console(lambda: RoomView(Room), lambda: RecordView(Tag))
    with app.app_context():
        db.session.add_all([Tag(name="Blue"), Room(code="A1", name="Attic")])
        db.session.commit()
    importing = Importing(app, "own_rooms")
    number = importing.upload("tags,code\nBlue,A1\n")
    choices = importing.choices(number)
    assert (list(choices.columns), choices.key) == (["tags", "code"], "code")
    assert importing.run("tags,code\nBlue,A1\n", mode="change").message == "1 changed."
