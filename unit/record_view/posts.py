"""Posts and their tags, which a table of links connects."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, record_form
from unit.record_view.kinds import Post, Tag, tagging

POSTS, TAGS = "/admin/own_posts", "/admin/own_tags"
EDIT = f"{POSTS}/edit/?id=1"
NAMES = ("Blue", "Green", "Red", "Yellow")


class PostView(RecordView):
    """Posts whose list has their tags."""

    column_list = ("title", "tags")
    column_filters = ("tags",)
    column_export_list = ("title", "tags")


def filled(console: Any, *views: Any) -> Flask:
    """A console with these views, four tags, and two posts, the first of which is Blue and Red."""
    app = console(*views)
    with app.app_context():
        db.session.add_all(Tag(name=name) for name in NAMES)
        db.session.flush()
        first = [db.session.get(Tag, 1), db.session.get(Tag, 3)]
        db.session.add_all([Post(title="First", tags=first), Post(title="Second")])
        db.session.commit()
    return app


def tags_of(app: Flask, post: int = 1) -> list[str]:
    """The names of the tags of a post."""
    with app.app_context():
        found = select(Tag.name).join(tagging).where(tagging.c.post_id == post).order_by(Tag.name)
        return [*db.session.scalars(found)]


def save(client: FlaskClient, **fields: str) -> TestResponse:
    """The answer to the form of the first post, as it is shown but for `fields`."""
    return client.post(EDIT, data={**record_form(client.get(EDIT).text), **fields})


def undo_last(client: FlaskClient) -> TestResponse:
    """The answer to the button in the message about the last change."""
    forms = read(client.get(f"{POSTS}/").text).all("form")
    [undo] = [each for each in forms if "undo" in each.attributes.get("action", "")]
    return client.post(undo.attributes["action"], data=undo.fields)


def cells(client: FlaskClient, address: str = f"{POSTS}/") -> dict[str, str]:
    """The tags in the rows of a list, by the titles of the posts; the reader writes links with blanks."""
    body = read(client.get(address).text).all("tbody")[0]
    return {
        row.all("th")[0].text: row.all("td", **{"data-label": "Tags"})[0].text.replace(" ,", ",")
        for row in body.all("tr")
    }
