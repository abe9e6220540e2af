"""Our console, asked by a signed-in owner."""

from __future__ import annotations

import atexit
import re
import secrets
import shutil
import tempfile
from html import unescape
from pathlib import Path

from flask import Flask

from bench.catalogue import COMMON_WORD, NO_WORD, RARE_STATUS, ordinary_sku
from bench.console import Console, wsgi
from bench.loading import load
from bench.pages import COMMON, FILTER, LAST, LIST, MIDDLE, NOTHING, ONE, PAGE_SIZE, SORT, Paths, page_count
from dashboard.app import create_app
from dashboard.catalogue.models import Category, Product
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from dashboard.testing import accounts

LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.S)
LAST_LINK = re.compile(r"\s*last( page)?\s*", re.I)
HREF, LABEL = re.compile(r'\bhref="([^"]*)"'), re.compile(r'\baria-label="([^"]*)"')
TAG = re.compile(r"<[^>]*>")


def fill(database_url: str, count: int) -> None:
    """Make our schema in an empty database and load `count` products."""
    upgrade(database_url)
    load(database_url, Category.__table__, Product.__table__, count)


def build(database_url: str, count: int) -> Console:
    """Make the console over the `count` products of a database."""
    upgrade(database_url)  # one that was kept may be of an older schema
    instance = Path(tempfile.mkdtemp(prefix="bench-instance-"))
    atexit.register(shutil.rmtree, instance, ignore_errors=True)
    app = create_app(Settings(secret_key=secrets.token_hex(32), database_url=database_url, instance=instance))
    with app.app_context():
        logged_in = {"Cookie": session_cookie(app)}
    console = wsgi(app, paths(count), logged_in, export="/admin/products/export/csv/")
    console.paths[LAST] = last_link(console.get(console.paths[LIST])[1].decode())
    return console


def session_cookie(app: Flask) -> str:
    """Start a session of a new owner, as logging in does."""
    owner = accounts.an_account("owner", email=f"{secrets.token_hex(8)}@example.org")
    token = accounts.a_session(owner, address="127.0.0.1", user_agent="bench")
    db.session.commit()
    return f"{app.config['SESSION_COOKIE_NAME']}={accounts.session_cookie({'_user_id': token})}"


def paths(count: int) -> Paths:
    """The addresses of the operations, but for the last page, which only the list itself can tell."""
    start = f"/admin/products/?size={PAGE_SIZE}"
    return {
        LIST: start,
        LAST: start,
        SORT: f"{start}&sort=name",
        MIDDLE: f"{start}&sort=name&page={page_count(count) // 2}",
        COMMON: f"{start}&q={COMMON_WORD}",
        ONE: f"{start}&q={ordinary_sku(count)}",
        NOTHING: f"{start}&q={NO_WORD}",
        FILTER: f"{start}&status={RARE_STATUS}",
    }


def last_link(page: str) -> str:
    """Where the link called "Last" of a list leads; raises LookupError where there is none."""
    for attributes, content in LINK.findall(page):
        label, href = LABEL.search(attributes), HREF.search(attributes)
        names = (label[1] if label else "", TAG.sub("", content))
        if href and any(LAST_LINK.fullmatch(name) for name in names):
            return unescape(href[1])
    raise LookupError("the list has no link to its last page")
