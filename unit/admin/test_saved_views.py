"""The tabs above a list and the pages about its views, by HTTP."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.listing.models import DefaultView, SavedView
from dashboard.listing.views import open_with
from dashboard.permissions import Role
from unit.admin.reading import flashes, read, record_form
from unit.conftest import ClientAs, CountQueries, Submit
from unit.digest import database_digest
from unit.factories.accounts import the_account
from unit.factories.catalogue import PRODUCT_FORM, a_category, a_product
from unit.factories.listing import a_view

LIST = "/admin/products/"


@pytest.fixture(autouse=True)
def lamp(app: Flask) -> None:
    """A list has something to show."""
    with app.app_context():
        a_product("Oak Lamp")
        db.session.commit()


def views(app: Flask) -> list[tuple[str, str, str | None]]:
    """Name, query and audience of every view."""
    with app.app_context():
        rows = db.session.execute(
            select(SavedView.name, SavedView.query, SavedView.audience).order_by(SavedView.id)
        )
        return [tuple(row) for row in rows]


def view_of(app: Flask, role: str, name: str = "Mine", opens_for: str = "", **fields: object) -> int:
    """The number of a new view of somebody's."""
    with app.app_context():
        view = a_view(the_account(role), name=name, **fields)
        if opens_for:
            open_with(the_account(opens_for), view, on=True)
        db.session.commit()
        return view.id


def save(client: FlaskClient, submit: Submit, listed: str = LIST, **fields: str) -> object:
    return submit(client, f"{LIST}views/new/", next=listed, **fields)


def test_a_view_keeps_what_the_list_shows_and_opens_it_again(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    editor = client_as("editor")
    listed = f"{LIST}?q=lamp&status=active&sort=-price&size=50&column=price&page=4"
    answer = save(editor, submit, listed, name="Lamps")
    kept = "q=lamp&status=active&sort=-price&size=50&column=price"
    assert views(app) == [("Lamps", kept, None)]
    assert answer.location == f"{LIST}?view=1&{kept}"
    assert flashes(editor.get(answer.location).text) == [("success", "View “Lamps” saved.")]


def test_the_size_of_a_view_does_not_become_that_of_every_list(client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    viewer.get(f"{LIST}?view=1&size=100")
    assert viewer.get_cookie("page_size") is None
    viewer.get(f"{LIST}?view=all&size=100")
    assert viewer.get_cookie("page_size") is not None


def test_a_faulty_name_comes_back_with_what_was_chosen(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    page = save(client_as("editor"), submit, name=" ", audience="editor", is_default="y").text
    assert "Enter a name." in page
    assert '<option selected value="editor">' in page
    assert '<input checked id="is_default"' in page
    assert views(app) == []


def test_two_lists_open_each_with_the_view_that_was_ticked_there(client_as: ClientAs, submit: Submit) -> None:
    editor, lists = client_as("editor"), {"products": "status=draft", "categories": "products=none"}
    for screen, query in lists.items():
        listed = f"/admin/{screen}/?{query}"
        submit(editor, f"/admin/{screen}/views/new/", next=listed, name="Mine", is_default="y")
    for screen, query in lists.items():
        assert query in str(editor.get(f"/admin/{screen}/").location)


def test_a_name_that_is_taken_is_refused_at_its_field_and_nothing_is_kept(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    view_of(app, "editor")
    answer = save(client_as("editor"), submit, name="Mine", is_default="y")
    assert answer.status_code == 200
    assert "There is a view with this name already." in answer.text
    assert len(views(app)) == 1


@pytest.mark.parametrize("audience", ["editor", "emperor"])
def test_only_those_who_may_share_are_asked_with_whom(
    app: Flask, client_as: ClientAs, submit: Submit, audience: str
) -> None:
    viewer = client_as("viewer")
    assert "Who sees it" not in viewer.get(f"{LIST}views/new/").text
    save(viewer, submit, name="Forged", audience=audience)
    assert views(app)[0][2] is None


def test_a_role_that_does_not_exist_is_refused(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    assert save(client_as("editor"), submit, name="Forged", audience="emperor").status_code == 200
    assert views(app) == []


def test_a_list_of_people_is_shared_only_with_those_who_may_see_them(client_as: ClientAs) -> None:
    page = client_as("admin").get("/admin/users/views/new/").text
    offered = page.partition("<select")[2].partition("</select>")[0]
    assert [role for role in Role if f'value="{role}"' in offered] == [Role.ADMIN, Role.OWNER]


def test_a_list_opens_with_the_view_that_was_chosen_for_it(app: Flask, client_as: ClientAs) -> None:
    key = view_of(app, "editor", opens_for="editor", query="status=draft&sort=name&size=25")
    editor = client_as("editor")
    answer = editor.get(LIST)
    assert answer.location == f"{LIST}?view={key}&status=draft&sort=name&size=25"
    assert editor.get(f"{LIST}?view=all").status_code == 200
    assert client_as("admin").get(LIST).status_code == 200


def test_a_message_waits_until_the_view_is_shown(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    view_of(app, "editor", opens_for="editor")
    editor = client_as("editor")
    submit(editor, f"{LIST}new/", name="Stool", sku="ST-1", **PRODUCT_FORM)
    assert flashes(editor.get(LIST, follow_redirects=True).text) == [("success", "Product “Stool” created.")]


def test_clearing_the_filters_of_a_view_does_not_bring_them_back(app: Flask, client_as: ClientAs) -> None:
    key = view_of(app, "editor", opens_for="editor", query="status=draft&sort=name&size=25")
    page = client_as("editor").get(f"{LIST}?view={key}&status=draft").text
    assert f'href="{LIST}?view={key}"' in page  # "Clear all"


def test_the_tabs_say_which_view_is_at_hand_and_keep_what_is_typed_literal(
    app: Flask, client_as: ClientAs
) -> None:
    key = view_of(app, "editor", name="<b>&\"'", audience=Role.VIEWER)
    page = client_as("viewer").get(f"{LIST}?view={key}").text
    assert 'aria-current="true">&lt;b&gt;&amp;&#34;&#39;</a>' in page
    assert "<b>&" not in page


def test_the_list_of_a_view_can_be_kept_when_it_was_changed(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "editor", query="status=draft&sort=name&size=25")
    editor = client_as("editor")
    assert "Save changes" not in editor.get(f"{LIST}?view={key}&size=25&status=draft&sort=name").text
    changed = f"{LIST}?view={key}&status=active&sort=name"
    assert "Save changes" in editor.get(changed).text
    answer = submit(editor, f"{LIST}views/update/", id=key, next=changed, version="1")
    assert answer.location == changed
    assert views(app)[0][1] == "status=active&sort=name&size=25"


def test_another_persons_view_is_not_changed_but_can_open_the_list(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "admin", audience=Role.VIEWER)
    editor = client_as("editor")
    assert "Save changes" not in editor.get(f"{LIST}?view={key}&q=other").text
    assert 'name="name"' not in editor.get(f"{LIST}views/edit/?id={key}").text
    submit(editor, f"{LIST}views/edit/", id=key, name="Taken over", audience="", is_default="y")
    assert views(app) == [("Mine", "sort=name&size=25", "viewer")]
    assert editor.get(LIST).location.startswith(f"{LIST}?view={key}&")


def fields_of(text: str) -> dict[str, str]:
    """What the form of a view sends, without the token of a session."""
    return {name: value for name, value in record_form(text).items() if name != "csrf_token"}


@pytest.fixture
def overtaken(app: Flask, client_as: ClientAs, submit: Submit) -> tuple[str, dict[str, str]]:
    """The address of a view's form, and its fields as they were before an admin renamed the view."""
    address = f"{LIST}views/edit/?id={view_of(app, 'editor', audience=Role.VIEWER)}"
    form = fields_of(client_as("editor").get(address).text)
    submit(client_as("admin"), address, **{**form, "name": "Theirs"})
    return address, form


def test_a_name_left_alone_does_not_undo_a_new_name_of_a_view(
    app: Flask, client_as: ClientAs, submit: Submit, overtaken: tuple[str, dict[str, str]]
) -> None:
    address, form = overtaken
    assert submit(client_as("editor"), address, **{**form, "audience": "editor"}).status_code == 302
    assert views(app)[0][::2] == ("Theirs", "editor")


def test_a_view_that_two_rename_is_saved_by_saving_again(
    app: Flask, client_as: ClientAs, submit: Submit, overtaken: tuple[str, dict[str, str]]
) -> None:
    address, form = overtaken
    answer = submit(client_as("editor"), address, **{**form, "name": "Yours"})
    assert "View “Theirs” was changed while you were editing (name)." in answer.text
    assert views(app)[0][0] == "Theirs"
    again = fields_of(answer.text)
    assert again["name"] == "Yours"
    assert submit(client_as("editor"), address, **again).status_code == 302
    assert views(app)[0][0] == "Yours"


def test_browsers_put_no_text_back_into_the_form_of_a_view(app: Flask, client_as: ClientAs) -> None:
    page = read(client_as("editor").get(f"{LIST}views/edit/?id={view_of(app, 'editor')}").text)
    [form] = [each for each in page.all("form") if each.all("input", name="opened")]
    assert form.attributes["autocomplete"] == "off"


@pytest.mark.parametrize("page", ["update", "delete"])
def test_a_forged_change_of_anothers_view_is_refused(
    app: Flask, client_as: ClientAs, submit: Submit, page: str
) -> None:
    shared, private = (view_of(app, "admin", n, audience=a) for n, a in (("A", Role.VIEWER), ("B", None)))
    editor = client_as("editor")
    before = database_digest(app)
    assert submit(editor, f"{LIST}views/{page}/", id=shared).status_code == 403
    assert submit(editor, f"{LIST}views/{page}/", id=private).status_code == 404
    assert database_digest(app) == before


def test_somebody_who_lost_the_right_to_share_keeps_what_was_shared(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "viewer", audience=Role.VIEWER)
    viewer, path = client_as("viewer"), f"{LIST}views/edit/?id={key}"
    viewer.post(path, data={**record_form(viewer.get(path).text), "name": "Renamed"})
    assert views(app)[0][::2] == ("Renamed", "viewer")


def test_a_view_is_deleted_after_a_question_and_its_tab_is_gone(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "editor", audience=Role.VIEWER, opens_for="viewer")
    editor = client_as("editor")
    assert "Nobody sees it any more." in editor.get(f"{LIST}views/delete/?id={key}").text
    question = record_form(editor.get(f"{LIST}views/delete/?id={key}").text)
    submit(editor, f"{LIST}views/delete/", **question.to_dict())
    assert flashes(editor.get(LIST).text) == [("success", "View “Mine” deleted.")]
    with app.app_context():
        assert db.session.scalar(select(DefaultView.view_id)) is None
    viewer = client_as("viewer")
    assert "This view was deleted" in viewer.get(f"{LIST}?view={key}&status=draft").text


@pytest.mark.parametrize("key", ["", "0", "-1", "x", "9" * 30, "\0", "2147483648"])
def test_a_view_that_is_none_is_not_found(client_as: ClientAs, submit: Submit, key: str) -> None:
    for page in ("edit", "update", "delete"):
        assert submit(client_as("owner"), f"{LIST}views/{page}/", id=key).status_code == 404


@pytest.mark.parametrize(
    "listed",
    ["/admin/users/?q=x", "https://evil.example/", "//evil.example", LIST + "?sort=%00&size=9&q=%F0"],
)
def test_a_view_of_what_is_not_this_list_is_one_of_the_plain_list(
    app: Flask, client_as: ClientAs, submit: Submit, listed: str
) -> None:
    save(client_as("editor"), submit, listed, name="Odd")
    query = dict(parse_qsl(views(app)[0][1]))
    assert (query["sort"], query["size"]) == ("-created", "25")


def test_a_view_that_names_what_is_gone_says_so(app: Flask, client_as: ClientAs) -> None:
    with app.app_context():
        category = a_category("Shelves").id
        db.session.commit()
    key = view_of(app, "editor", query=f"category={category}&column=weight&sort=name&size=25")
    with app.app_context():
        db.session.execute(db.text("DELETE FROM categories"))
        db.session.commit()
    editor = client_as("editor")
    tab = next(link for link in editor.get(LIST).text.split('"') if link.startswith(f"{LIST}?view={key}"))
    page = editor.get(tab.replace("&amp;", "&")).text
    assert "There is no column “weight” any more." in page
    assert "Category: There is no such choice any more." in page


def test_views_cost_a_list_one_query(app: Flask, client_as: ClientAs, count_queries: CountQueries) -> None:
    editor = client_as("editor")
    editor.get(LIST)
    with count_queries() as without:
        editor.get(LIST)
    for number in range(20):
        view_of(app, "editor", f"View {number}")
    with count_queries() as with_views:
        editor.get(LIST)
    assert len(with_views) == len(without) <= 6


def test_the_address_of_a_view_leads_elsewhere_for_nobody(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    answer = save(client_as("editor"), submit, "//evil.example/?q=x", name="Odd")
    assert urlsplit(answer.location).netloc == ""


def test_an_account_that_is_deleted_takes_its_views_along(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    view_of(app, "viewer")
    with app.app_context():
        key = db.session.scalar(select(User.id).where(User.email == "viewer@example.test"))
    submit(client_as("admin"), "/admin/users/delete/", id=key)
    assert views(app) == []
