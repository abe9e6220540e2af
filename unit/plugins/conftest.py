"""Plug-ins as files in a folder that Python imports from."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

Write = Callable[..., str]

MODEL = """
    from dashboard.admin.kit.screen import Screen
    from dashboard.catalogue.reverting import CategoryReverting
    from dashboard.listing.columns import Column
    from dashboard.listing.state import Listing
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    from dashboard.registry import recorded

    class Base(DeclarativeBase):
        pass

    @recorded(name="Name")
    class Supplier(Base):
        __tablename__ = "{table}"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        def __str__(self):
            return self.name

    class SupplierView(Screen):
        singular, empty_text = "supplier", "No suppliers yet."
        reverting = CategoryReverting()
        listing = Listing(key=Supplier.id, title=Supplier.name, sort="name",
            columns=(Column("name", "Name", (Supplier.name,), sorted_by=Supplier.name),),
            facets=(), export=())
"""
MIGRATION = '''
    """Suppliers."""
    import sqlalchemy as sa
    from alembic import op
    revision, down_revision, branch_labels, depends_on = "{number}", None, ("{label}",), None
    def upgrade():
        op.create_table("{table}", sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(80), nullable=False))
    def downgrade():
        op.drop_table("{table}")
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder from which modules are imported, and forgotten afterwards."""
    folder = tmp_path / "plug-ins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    known = {*sys.modules}
    yield folder
    for name in {*sys.modules} - known:
        if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def write(folder: Path) -> Write:
    """`write(name, source)` writes a module, whose name it returns."""

    def write(name: str, source: str) -> str:
        (folder / f"{name}.py").write_text(dedent(source), encoding="utf-8")
        return name

    return write


@pytest.fixture
def suppliers(folder: Path, write: Write) -> Write:
    """`suppliers(name, table=…, number=…, endpoint=…, shortcut=…)` writes a plug-in with a migration."""

    def suppliers(
        name: str,
        table: str = "",
        number: str = "",
        endpoint: str = "",
        shortcut: str = "",
        url: str = "",
        migrates: bool = True,
    ) -> str:
        table, number = table or f"{name}_suppliers", number or f"{name}_0001"
        added = f'console.add(view, icon="box", shortcut="{shortcut}")'
        folder.joinpath(f"{name}_migrations").mkdir()
        migration = MIGRATION.format(table=table, number=number, label=name)
        folder.joinpath(f"{name}_migrations", "one.py").write_text(dedent(migration), encoding="utf-8")
        source = dedent(MODEL).format(table=table) + dedent(f"""
            from pathlib import Path

            def register(console):
                where = {{"endpoint": "{endpoint or table}", "url": {url!r} or None}}
                view = SupplierView(Supplier, console.db, name="Suppliers", **where)
                {added}
                {f'console.migrations(Path(__file__).parent / "{name}_migrations")' if migrates else ""}
        """)
        return write(name, source)

    return suppliers
