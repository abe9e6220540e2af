"""Collections of other records in lists, on pages, in files and as filters."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import Secretive, With, logged_in
from unit.record_view.kinds import Post, Tag, tagging
from unit.record_view.posts import EDIT, NAMES, POSTS, TAGS, PostView, cells, filled, save, tags_of
from unit.record_view.stored import cell_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def editor(posts: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(posts, "editor")


def test_list_names_the_first_records_and_counts_the_others(posts: Flask, editor: FlaskClient) -> None:
    save(editor, tags="\n".join(NAMES))
    assert cells(editor) == {"First": "Blue, Green, Red and 1 more", "Second": "—"}


def test_page_names_all_records_and_leads_to_them(editor: FlaskClient) -> None:
    main = read(editor.get(f"{POSTS}/details/?id=1").text).all("main")[0]
    linked = {each.text: each.attributes["href"] for each in main.all("a") if each.text in NAMES}
    assert main.text.count("Tags") == 1
    assert linked == {"Blue": f"{TAGS}/details/?id=1", "Red": f"{TAGS}/details/?id=3"}


def test_filter_keeps_records_that_have_one_of_those(posts: Flask, editor: FlaskClient) -> None:
    save(editor, tags="Blue\nGreen")
    assert list(cells(editor, f"{POSTS}/?tags=2")) == ["First"]
    assert list(cells(editor, f"{POSTS}/?tags=none")) == ["Second"]
    assert sorted(cells(editor, f"{POSTS}/?tags=none&tags=1")) == ["First", "Second"]
    assert "No posts match" in editor.get(f"{POSTS}/?tags=3").text


def test_page_of_the_other_record_leads_to_the_filtered_list(editor: FlaskClient) -> None:
    main = read(editor.get(f"{TAGS}/details/?id=3").text).all("main")[0]
    [link] = [each for each in main.all("a") if each.text == "1 post"]
    assert link.attributes["href"] == f"{POSTS}/?tags=3"
    assert list(cells(editor, f"{POSTS}/?tags=3")) == ["First"]


def test_file_has_all_names(posts: Flask, editor: FlaskClient) -> None:
    save(editor, tags="\n".join(NAMES))
    text = editor.get(f"{POSTS}/export/csv/").text.removeprefix("\ufeff")
    assert [*csv.reader(io.StringIO(text))][-1] == ["First", "Blue; Green; Red; Yellow"]


def test_number_of_statements_does_not_grow_with_the_rows(
    posts: Flask, editor: FlaskClient, count_queries: Any
) -> None:
    def statements(address: str) -> int:
        with count_queries() as few:
            editor.get(address)
        return len(few)

    with posts.app_context():  # a change of the same kind, which the page of the record shows
        post = db.session.get_one(Post, 1)
        post.tags = post.tags[:1]
        db.session.commit()
    few = {address: statements(address) for address in (f"{POSTS}/", EDIT, f"{POSTS}/details/?id=1")}
    with posts.app_context():
        tags = [Tag(name=f"Tag {number}") for number in range(40)]
        db.session.add_all(Post(title=f"Post {number}", tags=tags) for number in range(20))
        db.session.get_one(Post, 1).tags = tags
        db.session.commit()
    assert {address: statements(address) for address in few} == few


def test_other_side_has_no_field_unless_it_is_named(posts: Flask, editor: FlaskClient) -> None:
    assert "posts" not in record_form(editor.get(f"{TAGS}/edit/?id=1").text)


def test_other_side_can_be_edited_where_it_is_named(console: With) -> None:
    class Tags(RecordView):
        form_columns = ("name", Tag.posts)

    app = filled(console, lambda: Tags(Tag), lambda: RecordView(Post))
    client = logged_in(app, "editor")
    address = f"{TAGS}/edit/?id=2"
    form = record_form(client.get(address).text)
    assert is_redirect(client.post(address, data={**form, "posts": "First\nSecond"}))
    assert tags_of(app) == ["Blue", "Green", "Red"]
    assert tags_of(app, 2) == ["Green"]


def test_records_that_a_user_may_not_see_are_hidden_and_kept(console: With) -> None:
    app = filled(console, lambda: PostView(Post), lambda: Secretive(Tag))
    client = logged_in(app, "editor")
    assert cells(client) == {"First": "—", "Second": "—"}
    for page in (f"{POSTS}/details/?id=1", EDIT, f"{POSTS}/export/csv/", f"{POSTS}/?tags=1"):
        assert not [name for name in NAMES if name in client.get(page).text]
    assert is_redirect(save(client, title="Untouched"))
    assert tags_of(app) == ["Blue", "Red"]
    assert field_errors(save(client, tags="1\n3\n2").text) == {"tags": "No tag is called “2”."}


def test_column_editable_list_refuses_a_collection(console: With) -> None:
    class Posts(RecordView):
        column_editable_list = ("tags",)

    with pytest.raises(Exception, match=r"column_editable_list names tags, which is no column of Post"):
        console(lambda: Posts(Post))


def test_record_whose_links_are_gone_is_empty(posts: Flask, editor: FlaskClient) -> None:
    with posts.app_context():
        db.session.connection().execute(tagging.insert().values(post_id=2, tag_id=1))
        db.session.connection().execute(tagging.delete().where(tagging.c.post_id == 1))
        db.session.commit()
    assert list(cells(editor, f"{POSTS}/?tags=none")) == ["First"]


def test_edit_of_many_and_of_a_cell_leaves_collections(console: With) -> None:
    class Posts(PostView):
        column_list = ("title", "note", "tags")
        column_editable_list = ("note",)

    app = filled(console, lambda: Posts(Post), lambda: RecordView(Tag))
    client = logged_in(app, "editor")
    answer = client.post(f"{POSTS}/cell/", data=cell_of(client, POSTS, "note", "New"))
    assert answer.status_code == 200
    assert tags_of(app) == ["Blue", "Red"]


class Narrow(RecordView):
    """Tags without the red one."""

    def get_query(self) -> Any:
        return super().get_query().filter(Tag.id != 3)


def test_hidden_record_stays_beside_one_that_has_its_key_for_a_name(console: With) -> None:
    app = filled(console, lambda: PostView(Post), lambda: Narrow(Tag))
    with app.app_context():
        db.session.get_one(Tag, 1).name = "3"
        db.session.commit()
    client = logged_in(app, "editor")
    assert record_form(client.get(EDIT).text)["tags"].split() == ["1", "3"]
    assert is_redirect(save(client, title="Untouched"))
    assert tags_of(app) == ["3", "Red"]


def test_page_neither_names_nor_counts_records_that_the_user_may_not_see(console: With) -> None:
    app = filled(console, lambda: PostView(Post), lambda: Narrow(Tag))
    main = read(logged_in(app, "editor").get(f"{POSTS}/details/?id=1").text).all("main")[0]
    assert [each.text for each in main.all("ul", class_="collection")[0].all("li")] == ["Blue"]
