"""The pages of plug-ins: the example of the documentation runs as it is written, and its table is true."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from jinja2 import nodes
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.records import Access, RecordView, route
from dashboard.testing.kinds import client_as, console_for_tests, store
from unit.admin.reading import read
from unit.consoles import SECRET_KEY

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Pages\n")[2].partition("\n## ")[0]


class Base(DeclarativeBase):
    """The tables of the example."""


class Supplier(Base):
    """The record of the example."""

    __tablename__ = "shop_suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city: Mapped[str | None]


def blocks(language: str) -> list[str]:
    """The code of the section in one language."""
    return re.findall(rf"```{language}\n(.*?)```", SECTION, re.S)


def table(first: str) -> list[list[str]]:
    """The rows of the table whose first heading is `first`."""
    lines = SECTION.partition(f"| {first} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The files of the example, imported."""
    models = ModuleType("shop.models")
    models.Supplier = Supplier  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop", ModuleType("shop"))
    monkeypatch.setitem(sys.modules, "shop.models", models)
    names = re.findall(r"`(templates/shop/\w+\.html)`:", SECTION)
    (tmp_path / "templates" / "shop").mkdir(parents=True)
    for name, text in zip(names, blocks("jinja"), strict=True):
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    found = ModuleType("shop_console")
    found.__file__ = str(tmp_path / "shop_console.py")
    [code] = blocks("python")
    exec(compile(code, found.__file__, "exec"), vars(found))
    return found


def test_example_of_the_documentation_shows_its_pages(shop: ModuleType, tmp_path: Path) -> None:
    with console_for_tests(tmp_path, shop) as app:
        with app.app_context():
            Base.metadata.create_all(db.engine)
        store(app, Supplier(name="Oak", city="Bonn"), Supplier(name="Elm", city="Bonn"), Supplier(name="Ash"))
        viewer = client_as(app, "viewer")
        record = read(viewer.get("/admin/suppliers/details/?id=1").text)
        [link] = [each for each in record.all("a") if each.text == "Cities"]
        page = read(viewer.get(link.attributes["href"]).text)
        assert [each.text for each in page.all("h1")] == ["Suppliers by city"]
        assert [each.text for each in page.all("dl")[0].all("dt")] == ["Bonn", "No city"]
        assert [each.text for each in page.all("nav", class_="trail")[0].all("li")] == [
            "Home",
            "Suppliers",
            "Suppliers by city",
        ]
        assert client_as(app, None).get(link.attributes["href"]).status_code == 302


def test_page_is_open_to_those_with_its_access_alone(tmp_path: Path) -> None:
    class Guarded(RecordView):
        @route("/owned/", Access.PURGE)
        def owned_view(self) -> Any:
            return "for owners"

    module = ModuleType("guarded")
    module.register = lambda console: console.add(Guarded(Supplier, name="Suppliers"))  # type: ignore[attr-defined]
    with console_for_tests(tmp_path, module) as app:
        address = "/admin/shop_suppliers/owned/"
        assert client_as(app, "editor").get(address).status_code == 403
        assert client_as(app, "owner").get(address).text == "for owners"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A console."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path))


def blocks_of(app: Flask, name: str) -> set[str]:
    """The blocks of a template and of those that it extends."""
    env = app.jinja_env
    source, *_ = env.loader.get_source(env, name)  # type: ignore[union-attr]
    tree = env.parse(source)
    own = {block.name for block in tree.find_all(nodes.Block)}
    parents = [each.template for each in tree.find_all(nodes.Extends)]
    named = [each.value if isinstance(each, nodes.Const) else "admin/base.html" for each in parents]
    return own.union(*(blocks_of(app, each) for each in named))


def test_templates_have_the_blocks_that_the_documentation_promises(app: Flask) -> None:
    rows = table("template")
    assert len(rows) == 5
    for name, _, blocks in rows:
        assert re.findall(r"`(\w+)`", blocks) == sorted(blocks_of(app, name.strip("`"))), name


def test_every_promised_block_is_explained() -> None:
    promised = {block for *_, blocks in table("template") for block in re.findall(r"`(\w+)`", blocks)}
    assert promised == {name.strip("`") for name, _ in table("block")}
