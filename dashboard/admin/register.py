"""The screens of the console: each is added once, for navigation, history, palette and roles alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_admin import Admin, BaseView
from flask_admin.theme import Theme

from dashboard.accounts.models import User
from dashboard.accounts.people import person_in_page
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.admin.features.bulk_job import bulk_work
from dashboard.admin.features.export import history_of
from dashboard.admin.features.export_job import export_work
from dashboard.admin.features.import_works import import_works
from dashboard.admin.features.trash import Trash
from dashboard.admin.kit.gate import Gate, needed_in
from dashboard.admin.kit.reasons import reason_input
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.screens import SCREENS
from dashboard.admin.kit.undo import undo_of
from dashboard.admin.ledger.deeds import add_deeds
from dashboard.admin.ledger.history import HistoryView
from dashboard.admin.ledger.revert_job import revert_work
from dashboard.admin.ledger.reverting import RevertView, revert_now
from dashboard.admin.record_view.connecting import connect
from dashboard.admin.record_view.view import RecordView
from dashboard.admin.screens.cards import CardText, add_card
from dashboard.admin.screens.categories import CategoryView
from dashboard.admin.screens.first_steps import first_steps
from dashboard.admin.screens.home import HomeView
from dashboard.admin.screens.jobs import JobsView
from dashboard.admin.screens.palette import PaletteView
from dashboard.admin.screens.products import STATUS_DEEDS, ProductView
from dashboard.admin.screens.security_log import SecurityLogView
from dashboard.admin.screens.starts import ConsoleStarts
from dashboard.admin.screens.trash import TrashView
from dashboard.admin.screens.unsent_mail import UnsentMailView
from dashboard.admin.screens.users import ACTIVE_DEEDS, UserView
from dashboard.catalogue.models import Category, Product
from dashboard.config import Settings
from dashboard.database.migrating import add_migrations
from dashboard.extensions import db
from dashboard.jobs.following import number_running
from dashboard.jobs.models import Job
from dashboard.jobs.undoing import undo_work
from dashboard.jobs.works import add_work
from dashboard.permissions import GRANTS, HOME_READ, Access, Permission, Role
from dashboard.plugin_settings import Setting, add_settings
from dashboard.plugins import Plugin, add_commands, register_plugins
from dashboard.registry import REGISTRY
from dashboard.trash.models import Trashed
from dashboard.variables import PREFIX, SettingsError
from dashboard.web.navigation import NAVIGATION, Place
from dashboard.web.pages import BRAND
from dashboard.web.plugin_files import add_static, add_templates
from dashboard.web.starts import STARTS


class Console:
    """The console of one application, to which screens are added."""

    def __init__(self, app: Flask) -> None:
        home = HomeView(name="Home")
        home.static_folder = None  # takes Flask-Admin's own scripts and styles off the site
        # With an unknown theme folder Flask-Admin's templates are no fallback: a missing one is an error.
        theme = Theme(folder="console", base_template="admin/base.html")
        self.app, self.screens, self.db = app, list[Screen](), db
        self.settings: Settings = app.extensions["settings"]
        self.admin = Admin(app, name=BRAND, index_view=home, theme=theme)
        app.extensions[NAVIGATION].add(Place("", "Home", "admin.index", "home", HOME_READ, "h"))

    def add(self, view: Screen, *, icon: str = "folder", shortcut: str = "") -> None:
        """Add the screen of a kind of record.

        `icon` is the name of a symbol, `shortcut` the key that goes to the screen after a g. Raises
        ValueError where the kind of record, an address or the shortcut is taken, and where deleted records
        could not be restored because the screen lacks the feature `Trash`.
        """
        if view.trash is not None and view.feature(Trash) is None:
            raise ValueError(f"{view.record.kind} goes to the trash, so its screen needs the feature Trash.")
        demands = view.reason_required or view.endpoint in self.settings.reason_required
        self.app.extensions[REGISTRY].add(replace(view.record, reason_required=demands))
        self.screens.append(view)
        self.add_page(view, icon=icon, shortcut=shortcut, permission=view.permission(Access.READ))

    def migrations(self, folder: str | Path) -> None:
        """Upgrade the database by the Alembic migrations in `folder` as well, a branch of their own.

        Raises ValueError where there is no such folder or a revision has the number of another.
        """
        add_migrations(self.app, Path(folder))

    def templates(self, folder: str | Path) -> None:
        """Let pages be made of the templates in `folder`, such as ``templates/shop/stock.html``.

        Raises ValueError unless each lies in a folder of the plug-in, so that it replaces no other.
        """
        add_templates(self.app, Path(folder))

    def static(self, folder: str | Path) -> None:
        """Serve the files in `folder`, such as ``static/shop/shop.css``, to everyone, also logged out.

        Templates link to ``asset("shop/shop.css")``, an address with a hash of the content. Raises ValueError
        unless each file lies in a folder of the plug-in.
        """
        add_static(self.app, Path(folder))

    def commands(self, group: click.Group) -> None:
        """Add a group of commands, run as ``dashboard GROUP COMMAND`` in the context of the application.

        Raises ValueError where the console or another plug-in has a command of that name.
        """
        add_commands(self.app, group)

    def permission(self, name: str, least: Role) -> Permission:
        """Add a permission such as ``suppliers:approve``, which the role `least` and all after it have.

        Raises ValueError for a name of another form, and where there is such a permission already.
        """
        return self.app.extensions[GRANTS].declare(name, least)  # type: ignore[no-any-return]

    def add_settings(self, prefix: str, *settings: Setting[Any]) -> None:
        """Read the settings of the plug-in, whose names begin with `prefix`, such as ``SHOP_``.

        Raises SettingsError with a line for each that is missing, empty, wrong or unknown, and ValueError
        where another plug-in has such a prefix or a name does not begin with it.
        """
        add_settings(self.app, prefix, settings)

    def home_card(self, title: str, text: Callable[[], CardText], permission: str = HOME_READ) -> None:
        """Add a card to the home, for users with a permission such as ``shop_orders:read``.

        `text` is called for every home, and returns a `CardText`. Where it raises, the card says so in a line
        and the log has the error. Raises ValueError where the title is empty, long or taken, where no role
        has the permission, and where there are too many cards.
        """
        add_card(self.app, title, text, permission)

    def add_page(
        self, view: BaseView, *, icon: str = "", shortcut: str = "", permission: Permission | None = None
    ) -> None:
        """Add a view that is no kind of record, such as a `PageView`.

        With an `icon` it is in the navigation of those who have what its first page needs, or `permission`.
        Raises ValueError where nothing guards the view, where it needs a permission that does not exist, and
        where an address or the shortcut is taken.
        """
        self._refuse_unguarded(view)
        self.admin.add_view(view)
        self._refuse_taken_address(view)
        if icon:
            group, first = view.category or "", str(view._default_view)
            needed = permission or view.permission_to(first)
            place = Place(group, str(view.name), f"{view.endpoint}.{first}", icon, needed, shortcut)
            self.app.extensions[NAVIGATION].add(place)

    def _refuse_unguarded(self, view: BaseView) -> None:
        """Raise ValueError where `view` is open to everyone, or needs a permission that no role has."""
        name = type(view).__name__
        if not isinstance(view, Gate):
            raise ValueError(f"{name} would be open to everyone. Derive it from PageView.")
        there = self.app.extensions[GRANTS].least
        for part in (view, *getattr(view, "features", ())):
            for needed in needed_in(part) - {*Access} - there.keys():
                raise ValueError(f"{name} needs {needed}, which is no permission. Add it first.")

    def _refuse_taken_address(self, view: BaseView) -> None:
        """Raise ValueError where another view has an address of `view`: it would answer instead."""
        its, others = set[str](), set[str]()
        for rule in self.app.url_map.iter_rules():
            (its if rule.endpoint.startswith(f"{view.endpoint}.") else others).add(rule.rule.rstrip("/"))
        if taken := sorted(its & others):
            raise ValueError(f"The address {taken[0]} of {view.name} is taken.")


def _screens_of_rows(screens: Sequence[Screen]) -> Iterator[RecordView]:
    """The screens of child rows whose class has none of its own."""
    for screen in screens:
        if isinstance(screen, RecordView):
            yield from screen.inline.screens()


def _refuse_unknown_kinds(console: Console) -> None:
    """Raise SettingsError where a setting names kinds of records that do not exist."""
    known = {view.endpoint for view in console.screens}
    if unknown := sorted({*console.settings.reason_required} - known):
        told = f"names no kind of record: {', '.join(unknown)}. There are {', '.join(sorted(known))}."
        raise SettingsError([f"{PREFIX}REASON_REQUIRED {told}"])


def init_admin(app: Flask, plugins: Sequence[Plugin] = ()) -> None:
    """Add the console to `app`, and to the console what `plugins` add; raises SettingsError."""
    with app.app_context():
        console = Console(app)
        catalogue = {"category": "Catalogue"}
        console.add_page(HistoryView(name="History", endpoint="history"), icon="clock", shortcut="y")
        console.add_page(JobsView(Job, db, name="Jobs", endpoint="jobs"), icon="check", shortcut="j")
        products = ProductView(Product, db, name="Products", endpoint="products", **catalogue)
        console.add(products, icon="box", shortcut="p")
        categories = CategoryView(Category, db, name="Categories", endpoint="categories", **catalogue)
        console.add(categories, icon="tag", shortcut="c")
        trash = TrashView(Trashed, db, screens=console.screens, name="Trash", endpoint="trash", **catalogue)
        console.add_page(trash, icon="bin", shortcut="t", permission=products.permission(Access.WRITE))
        users = UserView(User, db, name="Users", endpoint="users", category="People")
        console.add(users, icon="people", shortcut="u")
        log = SecurityLogView(SecurityEvent, db, name="Security log", endpoint="security", category="People")
        console.add_page(log, icon="shield", shortcut="l")
        mail = UnsentMailView(name="Unsent mail", endpoint="mail", category="People")
        console.add_page(mail, icon="alert" if console.settings.mail else "")
        console.add_page(RevertView(endpoint="revert"))
        console.add_page(PaletteView(console.screens, endpoint="palette"))
        register_plugins(console, plugins)
        app.extensions[NAVIGATION].put_last("trash.index_view")  # after the records of plug-ins
        app.extensions[SCREENS] = console.screens
        add_deeds(app, products.kind, "status", STATUS_DEEDS)
        add_deeds(app, users.kind, "active", ACTIVE_DEEDS)
        app.extensions[STARTS] = ConsoleStarts(console.screens)
        works = (bulk_work(console.screens, trash), revert_work(revert_now), undo_work())
        for work in (*works, export_work(console.screens, history_of), *import_works(console.screens)):
            add_work(app, work)
        for rows in [*_screens_of_rows(console.screens)]:
            console.add(rows, icon="")
        connect(console.screens, app.extensions[REGISTRY])
        _refuse_unknown_kinds(console)
    app.jinja_env.globals.update(undo_of=undo_of, number_running=number_running, reason_input=reason_input)
    app.jinja_env.globals["person_in_page"] = person_in_page
    app.jinja_env.globals["first_steps"] = first_steps
