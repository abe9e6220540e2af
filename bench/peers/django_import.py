"""django-import-export in Django's admin: a file is checked, then imported, by the rules of the model."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from bench.imports import files, steps
from bench.imports.steps import Figures
from bench.memory import forget_peak, megabytes
from bench.peers.django_admin import SETTINGS, database

ADDRESS = "/admin/shop/product/"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
CSV = "0"
"""The number of the format in the form."""
USUAL, IN_BULK = "usual", "in bulk"
MODES = {USUAL: {}, IN_BULK: {"use_bulk": True, "skip_diff": True}}


def measure(database_url: str, rows: int, folder: Path, mode: str) -> Figures:
    """Measure the import over empty tables, then the import of changes, in one of the modes."""
    client, found = _client(database_url, mode), Figures(rows)
    given = files.write(folder / "django.csv", rows)
    changed = files.write(folder / "django-changed.csv", rows, changed=True)
    forget_peak()
    for turn, (check, step, path) in enumerate(
        [(steps.CHECK, steps.IMPORT, given), (steps.CHECK_CHANGES, steps.CHANGES, changed)], 1
    ):
        with found.timed(check), path.open("rb") as file:
            page = client.post(f"{ADDRESS}import/", {"import_file": file, "format": CSV, "resource": "0"})
        confirmed = dict(HIDDEN.findall(page.content.decode()))
        if "import_file_name" not in confirmed:
            raise RuntimeError(f"django-import-export refused the file: {page.content.decode()[:500]}")
        with found.timed(step):
            answer = client.post(f"{ADDRESS}process_import/", confirmed)
        _expect(answer, rows, turn)
    found.megabytes = megabytes()["peak"]
    return found


def _client(database_url: str, mode: str) -> Any:
    """A superuser in a project that has the import."""
    applications = [*SETTINGS["INSTALLED_APPS"], "import_export"]
    its = {"INSTALLED_APPS": applications, "DATABASES": {"default": database(database_url)}}
    settings.configure(**{**SETTINGS, **its})
    django.setup()
    call_command("migrate", verbosity=0)
    _register(MODES[mode])
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_superuser("bench"))
    return client


def _register(options: dict[str, Any]) -> None:
    """Give the admin of products an import, with these options of its resource."""
    from django.contrib import admin
    from import_export.admin import ImportMixin
    from import_export.fields import Field
    from import_export.resources import ModelResource
    from import_export.widgets import ForeignKeyWidget

    from bench.peers.shop.admin import ProductAdmin
    from bench.peers.shop.models import Category, Product

    names = {"model": Product, "fields": (*files.COLUMNS, files.CATEGORY), "import_id_fields": ("sku",)}
    meta = type("Meta", (), {**names, "clean_model_instances": True, **options})
    category = Field(files.CATEGORY, files.CATEGORY, ForeignKeyWidget(Category, "name"))
    resource = type("ProductResource", (ModelResource,), {"Meta": meta, files.CATEGORY: category})
    importing = type("ImportAdmin", (ImportMixin, ProductAdmin), {"resource_classes": [resource]})
    admin.site.unregister(Product)
    admin.site.register(Product, importing)


def _expect(answer: Any, rows: int, turn: int) -> None:
    """Raise RuntimeError where there are not so many records, each with a line of the log for every turn."""
    from django.contrib.admin.models import LogEntry

    from bench.peers.shop.models import Product

    written = (Product.objects.count(), LogEntry.objects.count())
    if answer.status_code != HTTPStatus.FOUND or written != (rows, rows * turn):
        raise RuntimeError(f"django-import-export did not import the file: {answer.content[:500]!r}")
