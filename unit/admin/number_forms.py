"""The forms of numbers, and how a user chooses one of them in another tab."""

from flask.testing import FlaskClient

FORMS = ("point", "comma", "space", "apostrophe")
MARK = "dashboard-numbers"
GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}


def choose(client: FlaskClient, form: str) -> None:
    """Let the user choose a form of numbers in another tab."""
    client.set_cookie("numbers", form)
