"""The tabs above a list and the pages of its views."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.catalogue import PRODUCT_FORM, a_category
from unit.admin.reading import flashes, read
from unit.admin.saved_views import LIST, save, view_of, views
from unit.conftest import ClientAs, CountQueries, Submit

pytestmark = pytest.mark.usefixtures("lamp")  # a list has something to show


def test_view_stores_the_list_and_opens_it_again(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    editor = client_as("editor")
    listed = f"{LIST}?q=lamp&status=active&sort=-price&size=50&column=price&page=4"
    answer = save(editor, submit, listed, name="Lamps")
    kept = "q=lamp&status=active&sort=-price&size=50&column=price"
    assert views(app) == [("Lamps", kept, None)]
    assert answer.location == f"{LIST}?view=1&{kept}"
    assert flashes(editor.get(answer.location).text) == [("success", "View “Lamps” saved.")]


def test_page_size_of_a_view_is_not_remembered_for_other_lists(client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    viewer.get(f"{LIST}?view=1&size=100")
    assert viewer.get_cookie("page_size") is None
    viewer.get(f"{LIST}?view=all&size=100")
    assert viewer.get_cookie("page_size") is not None


def test_invalid_name_is_shown_again_with_the_other_fields(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    page = save(client_as("editor"), submit, name=" ", audience="editor", is_default="y").text
    assert "Enter a name." in page
    assert '<option selected value="editor">' in page
    assert '<input checked id="is_default"' in page
    assert views(app) == []


def test_each_list_opens_with_its_own_default_view(client_as: ClientAs, submit: Submit) -> None:
    editor, lists = client_as("editor"), {"products": "status=draft", "categories": "products=none"}
    for screen, query in lists.items():
        listed = f"/admin/{screen}/?{query}"
        submit(editor, f"/admin/{screen}/views/new/", next=listed, name="Mine", is_default="y")
    for screen, query in lists.items():
        assert query in str(editor.get(f"/admin/{screen}/").location)


def test_name_in_use_is_refused_and_no_view_is_saved(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    view_of(app, "editor")
    answer = save(client_as("editor"), submit, name="Mine", is_default="y")
    assert answer.status_code == 200
    assert "There is a view with this name already." in answer.text
    assert len(views(app)) == 1


@pytest.mark.parametrize("audience", ["editor", "emperor"])
def test_only_users_who_may_share_choose_an_audience(
    app: Flask, client_as: ClientAs, submit: Submit, audience: str
) -> None:
    viewer = client_as("viewer")
    assert "Visible to" not in viewer.get(f"{LIST}views/new/").text
    save(viewer, submit, name="Forged", audience=audience)
    assert views(app)[0][2] is None


def test_unknown_audience_is_refused(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    assert save(client_as("editor"), submit, name="Forged", audience="emperor").status_code == 200
    assert views(app) == []


def test_view_of_users_can_only_be_shared_with_roles_that_see_users(client_as: ClientAs) -> None:
    page = client_as("admin").get("/admin/users/views/new/").text
    offered = page.partition("<select")[2].partition("</select>")[0]
    assert [role for role in Role if f'value="{role}"' in offered] == [Role.ADMIN, Role.OWNER]


def test_list_opens_with_the_default_view_of_the_user(app: Flask, client_as: ClientAs) -> None:
    key = view_of(app, "editor", opens_for="editor", query="status=draft&sort=name&size=25")
    editor = client_as("editor")
    answer = editor.get(LIST)
    assert answer.location == f"{LIST}?view={key}&status=draft&sort=name&size=25"
    assert editor.get(f"{LIST}?view=all").status_code == 200
    assert client_as("admin").get(LIST).status_code == 200


def test_message_is_shown_after_the_redirect_to_the_default_view(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    view_of(app, "editor", opens_for="editor")
    editor = client_as("editor")
    submit(editor, f"{LIST}new/", name="Stool", sku="ST-1", **PRODUCT_FORM)
    assert flashes(editor.get(LIST, follow_redirects=True).text) == [("success", "Product “Stool” created.")]


def test_clear_all_removes_the_filters_of_a_view(app: Flask, client_as: ClientAs) -> None:
    key = view_of(app, "editor", opens_for="editor", query="status=draft&sort=name&size=25")
    page = client_as("editor").get(f"{LIST}?view={key}&status=draft").text
    assert f'href="{LIST}?view={key}"' in page  # "Clear all"


def test_tab_of_the_current_view_is_marked_and_its_name_escaped(app: Flask, client_as: ClientAs) -> None:
    key = view_of(app, "editor", name="<b>&\"'", audience=Role.VIEWER)
    page = client_as("viewer").get(f"{LIST}?view={key}").text
    assert 'aria-current="true">&lt;b&gt;&amp;&#34;&#39;</a>' in page
    assert "<b>&" not in page


@pytest.mark.parametrize(
    "listed",
    ["/admin/users/?q=x", "https://evil.example/", "//evil.example", LIST + "?sort=%00&size=9"],
)
def test_view_saved_from_another_address_shows_the_plain_list(
    app: Flask, client_as: ClientAs, submit: Submit, listed: str
) -> None:
    save(client_as("editor"), submit, listed, name="Odd")
    assert views(app)[0][1] == "sort=-created&size=25"


def test_view_of_a_search_keeps_the_best_match_first(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    save(client_as("editor"), submit, LIST + "?sort=%00&size=9&q=%F0", name="Odd")
    assert dict(parse_qsl(views(app)[0][1])).keys() == {"q", "size"}
    page = client_as("editor").get(f"{LIST}views/new/?{urlencode({'next': LIST + '?q=lamp'})}").text
    assert "Best match first" in page


@pytest.mark.parametrize(
    ("sort", "words"),
    [
        ("-created", "Newest first"),
        ("created", "Oldest first"),
        ("name", "Name A\N{EN DASH}Z"),
        ("-name", "Name Z\N{EN DASH}A"),
        ("price", "Price low to high, by currency"),
        ("-stock", "Stock high to low"),
        ("-status", "Status, reversed"),
    ],
)
def test_page_of_a_view_says_its_order_in_words(client_as: ClientAs, sort: str, words: str) -> None:
    page = read(client_as("editor").get(f"{LIST}views/new/?next={LIST}%3Fsort%3D{sort}").text)
    facts = {each.all("dt")[0].text: each.all("dd")[0].text for each in page.all("dl")[0].all("div")}
    assert facts["Order"] == words


def test_view_with_a_deleted_category_and_column_says_so(app: Flask, client_as: ClientAs) -> None:
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
    assert "The column “weight” no longer exists and was ignored." in page
    assert "Category: This option no longer exists and was ignored." in page


def test_views_add_no_query_to_a_list(app: Flask, client_as: ClientAs, count_queries: CountQueries) -> None:
    editor = client_as("editor")
    editor.get(LIST)
    with count_queries() as without:
        editor.get(LIST)
    for number in range(20):
        view_of(app, "editor", f"View {number}")
    with count_queries() as with_views:
        editor.get(LIST)
    assert len(with_views) == len(without) <= 6


def test_view_saved_from_another_site_redirects_to_its_list(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    answer = save(client_as("editor"), submit, "//evil.example/?q=x", name="Odd")
    assert urlsplit(answer.location)[:3] == ("", "", LIST)


def test_deleting_an_account_deletes_its_views(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    view_of(app, "viewer")
    with app.app_context():
        key = db.session.scalar(select(User.id).where(User.email == "viewer@example.test"))
    submit(client_as("admin"), "/admin/users/delete/", id=key)
    assert views(app) == []
