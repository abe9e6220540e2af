"""Django's admin in a project as `startproject` makes it, asked by a signed-in superuser."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from sqlalchemy import make_url

from bench.catalogue import COMMON_WORD, NO_WORD, RARE_STATUS, ordinary_sku
from bench.console import Console, wsgi
from bench.pages import COMMON, FILTER, LAST, LIST, MIDDLE, NOTHING, ONE, SORT, Paths, page_count

KEPT_SECONDS = 60
"""How long a connection is kept, as Django's documentation advises; by default each request opens one."""

SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "django",
    "DEBUG": False,
    "ALLOWED_HOSTS": ["127.0.0.1"],
    "ROOT_URLCONF": "bench.peers.shop.urls",
    "USE_TZ": True,
    "STATIC_URL": "static/",
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "INSTALLED_APPS": [
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "bench.peers.shop",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ],
}


def build(database_url: str, count: int) -> Console:
    """Make the console over the `count` products of a database."""
    settings.configure(**SETTINGS, DATABASES={"default": database(database_url)})
    django.setup()
    call_command("migrate", verbosity=0)
    return wsgi(get_wsgi_application(), paths(count), {"Cookie": session_cookie()})


def database(database_url: str) -> dict[str, Any]:
    """The address of a database as Django takes it."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database, "CONN_MAX_AGE": KEPT_SECONDS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database,
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": url.host or url.query.get("host", ""),
        "PORT": url.port or url.query.get("port", ""),
        "CONN_MAX_AGE": KEPT_SECONDS,
    }


def session_cookie() -> str:
    """Start a session of a superuser, as logging in does."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user, _ = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def paths(count: int) -> Paths:
    """The addresses of the operations; a column is sorted by its place, counted from 1."""
    start, by_name = "/admin/shop/product/", "o=1"
    return {
        LIST: start,
        LAST: f"{start}?p={page_count(count)}",
        SORT: f"{start}?{by_name}",
        MIDDLE: f"{start}?{by_name}&p={page_count(count) // 2}",
        COMMON: f"{start}?q={COMMON_WORD}",
        ONE: f"{start}?q={ordinary_sku(count)}",
        NOTHING: f"{start}?q={NO_WORD}",
        FILTER: f"{start}?status__exact={RARE_STATUS}",
    }
