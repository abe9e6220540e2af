"""Consoles as tests have them: the real factory, made stricter and quicker than it is in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Undefined
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.clients import Client
from dashboard.testing.sqlite import wait_for_no_disk

SECRET_KEY = "3f9c1b7d5e2a48603f9c1b7d5e2a4860"


class MissingName(Undefined):
    """An undefined name in a template: the template may test whether it is defined, but not show it."""

    def _fail(self, *_args: Any, **_kwargs: Any) -> Any:
        self._fail_with_undefined_error()

    __iter__ = __str__ = __len__ = __contains__ = __eq__ = __ne__ = _fail
    __hash__ = Undefined.__hash__


class CompiledTemplates(BytecodeCache):
    """Compiles a template once for all the applications of a run."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.compiled.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = CompiledTemplates()


def prepared(app: Flask) -> Flask:
    """An application made stricter and quicker than it is in use."""
    app.jinja_env.undefined = MissingName
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    with app.app_context():
        event.listen(db.engine, "connect", wait_for_no_disk)
    return app


def app_over(url: str, folder: Path) -> Flask:
    """A console over the database at `url`."""
    return prepared(create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=folder)))


@contextmanager
def console_over(settings: Settings, plugin: ModuleType, base: type[DeclarativeBase]) -> Iterator[Flask]:
    """A console with the kinds of a plug-in, over tables that exist already."""
    app = prepared(create_app(settings, plugins=[plugin]))
    with app.app_context():
        base.metadata.create_all(db.engine)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            base.metadata.drop_all(db.engine)
            db.engine.dispose()
