"""Static files: under hashed names, compressed once, cached by browsers for years."""

import gzip
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import brotli
import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.catalogue import a_category, a_product
from dashboard.web import assets
from dashboard.web.assets import STATIC
from unit.conftest import ClientAs
from unit.surface import addresses

FILES = sorted(file.name for file in STATIC.iterdir() if file.is_file())
PARTS = sorted(STATIC.glob("*/*"))


def address_of(app: Flask, name: str) -> str:
    """Return the hashed address of a static file."""
    return str(app.jinja_env.globals["asset"](name))


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_served_under_a_name_with_its_hash(app: Flask, client: FlaskClient, name: str) -> None:
    address = address_of(app, name)
    stem, _, suffix = name.rpartition(".")
    assert re.fullmatch(rf"/static/{stem}\.[0-9a-f]{{12}}\.{suffix}", address)
    with closing(client.get(address)) as answer:
        assert answer.status_code == 200
        assert answer.data == sent(name)


def sent(name: str) -> bytes:
    """Return the content sent for a static file: imports in place, without comments and indentation."""
    lines = "\n".join(written(STATIC / name, set())) + "\n"
    left_out = {".js": r"(?m)^( *//.*)?\n|^ +", ".css": r"(?m)^( */\*.*\*/)?\n|^ +"}
    return re.sub(left_out.get(Path(name).suffix, "$^"), "", lines).encode()


def written(source: Path, met: set[Path]) -> Iterator[str]:
    """Yield the lines of a file, each import replaced the first time by the lines of its file."""
    for line in source.read_text(encoding="utf-8").splitlines():
        imported = re.fullmatch(r'@?import (?:.* from )?"(.+)";', line)
        part = (source.parent / imported[1]).resolve() if imported else None
        if part is None:
            yield line
        elif part not in met:
            met.add(part)
            yield from (re.sub(r"^export ", "", each) for each in written(part, met))


def test_every_part_is_imported_by_a_file_of_a_page() -> None:
    met: set[Path] = set()
    for name in FILES:
        list(written(STATIC / name, met))
    assert sorted(met) == PARTS


def test_parts_of_a_script_define_different_names() -> None:
    defined = r"(?m)^(?:export )?(?:async )?(?:const|let|class|function) (\w+)"
    scripts = [
        part.read_text(encoding="utf-8") for part in (STATIC / "console.js", *STATIC.glob("scripts/*.js"))
    ]
    names = [name for script in scripts for name in re.findall(defined, script)]
    assert len(names) > 40
    assert sorted(names) == sorted(set(names))


def test_imports_come_first_and_only_once(tmp_path: Path) -> None:
    for name, text in {
        "entry.js": 'import { b } from "./parts/b.js";\nimport "./parts/c.js";\n\nexport const e = b;\n',
        "parts/b.js": '// Half.\nimport { d } from "./d.js";\n\nexport const b = d;\n',
        "parts/c.js": 'import { d } from "./d.js";\n  // Half.\nexport function c() {\n  return d;\n}\n',
        "parts/d.js": "export const d = 1; // one\n",
    }.items():
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    files, addresses = assets.build(tmp_path)
    assert list(addresses) == ["entry.js"]
    assert files[addresses["entry.js"]].contents[""].decode().splitlines() == [
        "const d = 1; // one",
        "const b = d;",
        "function c() {",
        "return d;",
        "}",
        "export const e = b;",
    ]


def test_changed_part_changes_the_address(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    tmp_path.joinpath("look.css").write_text('/* All. */\n@import "styles/part.css";\n', encoding="utf-8")
    part = tmp_path / "styles" / "part.css"
    part.write_text("/* A part. */\na { color: red }\n", encoding="utf-8")
    build = assets.build.__wrapped__
    files, before = build(tmp_path)
    assert files[before["look.css"]].contents[""] == b"a { color: red }\n"
    part.write_text("/* A part. */\na { color: blue }\n", encoding="utf-8")
    assert build(tmp_path)[1] != before


def test_missing_part_stops_the_start(tmp_path: Path) -> None:
    tmp_path.joinpath("look.css").write_text('@import "styles/part.css";\n', encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=re.escape("styles/part.css")):
        assets.build(tmp_path)


def test_no_text_of_a_script_has_two_lines() -> None:
    """Their indentation would be lost."""
    lines = [line for path in STATIC.rglob("*.js") for line in path.read_text(encoding="utf-8").splitlines()]
    assert not [line for line in lines if line.count("`") % 2]


def test_script_is_sent_without_comments_blank_lines_and_indentation(app: Flask, client: FlaskClient) -> None:
    with closing(client.get(address_of(app, "console.js"))) as answer:
        script = answer.text
    assert not [line for line in script.splitlines() if not line or line.startswith(("//", " "))]
    assert script.splitlines()[0] == "const root = document.documentElement;"


def test_icon_refers_to_the_file_of_icons(app: Flask) -> None:
    with app.test_request_context():
        drawn = render_template_string('{% from "macros.html" import icon %}{{ icon("search") }}')
    address = address_of(app, "icons.svg")
    assert drawn == f'<svg class="icon" aria-hidden="true"><use href="{address}#search"/></svg>'


@pytest.mark.parametrize("name", FILES)
def test_file_is_cached_for_years(app: Flask, client: FlaskClient, name: str) -> None:
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
def test_file_has_its_media_type(app: Flask, client: FlaskClient, name: str, kind: str) -> None:
    with closing(client.get(address_of(app, name))) as answer:
        assert answer.mimetype == kind


def test_file_is_sent_compressed(app: Flask, client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    with closing(client.get(address_of(app, "console.css"), headers=headers)) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == sent("console.css")


def test_name_without_its_hash_is_404(client: FlaskClient) -> None:
    assert client.get("/static/console.css").status_code == 404


def test_asset_raises_for_an_unknown_file(app: Flask) -> None:
    with pytest.raises(KeyError):
        address_of(app, "missing.css")


def test_pages_load_only_these_files(app: Flask, client: FlaskClient, client_as: ClientAs) -> None:
    with app.app_context():
        a_product(category=a_category())
        db.session.commit()
    owner = client_as("owner")
    known, seen = {address_of(app, name) for name in FILES}, set[str]()
    for address in addresses(app, "GET"):
        for page in (client.get(address).text, owner.get(address).text):
            asked = set(re.findall(r'(?:src|<link [^>]*href)="([^"#]+)', page))
            assert asked <= known, address
            seen |= asked
    assert seen >= {address_of(app, name) for name in ("console.css", "editing.js", "favicon.svg")}


CONDITIONS = {
    "its digest": ("ETag", "If-None-Match"),
    "its date": ("Last-Modified", "If-Modified-Since"),
}


@pytest.mark.parametrize(("told", "asked"), CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_unchanged_copy_is_not_sent_again(
    app: Flask, client: FlaskClient, told: str, asked: str, encoding: str
) -> None:
    address, accepted = address_of(app, "console.css"), {"Accept-Encoding": encoding}
    first = client.get(address, headers=accepted)
    again = client.get(address, headers={**accepted, asked: first.headers[told]})
    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["ETag"], again.headers["Vary"]) == (first.headers["ETag"], "Accept-Encoding")


def test_each_encoding_of_a_file_has_its_own_etag(app: Flask, client: FlaskClient) -> None:
    address = address_of(app, "console.css")
    answers = [client.get(address, headers={"Accept-Encoding": each}) for each in ("", "gzip", "br")]
    assert len({answer.headers["ETag"] for answer in answers}) == 3


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("*", None),
        ("gzip;q=0", None),
        ("deflate", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br;q=0", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
    ],
)
def test_file_is_sent_in_the_shortest_accepted_encoding(
    app: Flask, client: FlaskClient, accepted: str, encoding: str | None
) -> None:
    answer = client.get(address_of(app, "console.css"), headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    plain = {"gzip": gzip.decompress, "br": brotli.decompress}.get(encoding or "", bytes)
    assert plain(answer.data) == sent("console.css")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=9999999-", 416, slice(0)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
        ("nonsense", 200, slice(None)),
    ],
)
def test_range_of_a_file_is_sent(
    app: Flask, client: FlaskClient, asked: str, status: int, part: slice
) -> None:
    answer = client.get(address_of(app, "console.css"), headers={"Range": asked})
    assert (answer.status_code, answer.data) == (status, sent("console.css")[part])


def test_head_of_a_file_has_its_length(app: Flask, client: FlaskClient) -> None:
    answer = client.head(address_of(app, "console.css"))
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(sent("console.css"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_a_file_is_only_read(app: Flask, client: FlaskClient, method: str) -> None:
    answer = client.open(address_of(app, "console.css"), method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_building_a_console_leaves_no_file_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assets.build.cache_clear()
    app = create_app(settings)
    assert app.test_client().get(address_of(app, "console.css")).status_code == 200
