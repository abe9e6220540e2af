"""Static files: hashed names, compressed once, kept by browsers for ever."""

import gzip
import os
import re
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from dashboard import assets
from dashboard.assets import STATIC
from unit.surface import addresses

FILES = sorted(file.name for file in STATIC.iterdir())


def address_of(app: Flask, name: str) -> str:
    """The hashed address of a static file."""
    return str(app.jinja_env.globals["asset"](name))


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_served_under_a_name_that_carries_its_hash(
    app: Flask, client: FlaskClient, name: str
) -> None:
    address = address_of(app, name)
    stem, _, suffix = name.rpartition(".")
    assert re.fullmatch(rf"/static/{stem}\.[0-9a-f]{{12}}\.{suffix}", address)
    with closing(client.get(address)) as answer:
        assert answer.status_code == 200
        assert answer.data == sent(name)


def sent(name: str) -> bytes:
    """What is sent of a static file: scripts without their comments, all else as it is."""
    content = (STATIC / name).read_bytes()
    return re.sub(rb"(?m)^(\s*//.*)?\n", b"", content) if name.endswith(".js") else content


def test_a_script_is_sent_without_what_only_readers_need(app: Flask, client: FlaskClient) -> None:
    with closing(client.get(address_of(app, "console.js"))) as answer:
        script = answer.text
    assert not [line for line in script.splitlines() if not line or line.lstrip().startswith("//")]
    assert script.splitlines()[0] == "const root = document.documentElement;"


def test_an_icon_is_drawn_from_the_one_file_of_them(app: Flask) -> None:
    with app.test_request_context():
        drawn = render_template_string('{% from "macros.html" import icon %}{{ icon("search") }}')
    address = address_of(app, "icons.svg")
    assert drawn == f'<svg class="icon" aria-hidden="true"><use href="{address}#search"/></svg>'


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_kept_for_ever(app: Flask, client: FlaskClient, name: str) -> None:
    with closing(client.get(address_of(app, name))) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert "public" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("console.css", "text/css"),
        ("console.js", "text/javascript"),
        ("icons.svg", "image/svg+xml"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_a_file_says_what_it_is(app: Flask, client: FlaskClient, name: str, kind: str) -> None:
    with closing(client.get(address_of(app, name))) as answer:
        assert answer.mimetype == kind


def test_a_file_is_compressed_beforehand(app: Flask, client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    with closing(client.get(address_of(app, "console.css"), headers=headers)) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == (STATIC / "console.css").read_bytes()


def test_a_name_without_its_hash_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/console.css").status_code == 404


def test_a_file_that_does_not_exist_is_a_fault_in_the_template(app: Flask) -> None:
    with pytest.raises(KeyError):
        address_of(app, "missing.css")


def test_pages_ask_for_nothing_but_these_files(app: Flask, client: FlaskClient) -> None:
    known = {address_of(app, name) for name in FILES}
    for address in addresses(app, "GET"):
        asked = re.findall(r'(?:src|<link [^>]*href)="([^"#]*)', client.get(address).text)
        assert set(asked) <= known


def test_the_files_go_with_the_process_that_made_them_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    assets._remove(folder, os.getpid() + 1)
    assert folder.is_dir()
    assets._remove(folder, os.getpid())
    assert not folder.exists()
