"""The list of screens, bound to Flask-Admin under our own theme."""

from __future__ import annotations

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from dashboard.accounts.models import User
from dashboard.admin.kit.undo import undo_of
from dashboard.admin.ledger.history import HistoryView
from dashboard.admin.ledger.reverting import RevertView
from dashboard.admin.screens.categories import CategoryView
from dashboard.admin.screens.home import HomeView
from dashboard.admin.screens.palette import PaletteView
from dashboard.admin.screens.products import ProductView
from dashboard.admin.screens.trash import TrashView
from dashboard.admin.screens.users import UserView
from dashboard.catalogue.models import Category, Product, TrashedProduct
from dashboard.extensions import db
from dashboard.web.pages import BRAND


def init_admin(app: Flask) -> None:
    """Add the console to `app`."""
    home = HomeView(name="Home")
    home.static_folder = None  # takes Flask-Admin's own scripts and styles off the site
    # An unknown theme folder means no fallback to Flask-Admin's templates: a missing one is an error.
    theme = Theme(folder="console", base_template="admin/base.html")
    admin = Admin(app, name=BRAND, index_view=home, theme=theme)
    screens = (
        ProductView(Product, db, name="Products", endpoint="products"),
        CategoryView(Category, db, name="Categories", endpoint="categories"),
        UserView(User, db, name="Users", endpoint="users"),
    )
    history = HistoryView(name="History", endpoint="history")
    # What was deleted is found in its own place only.
    trash = TrashView(TrashedProduct, db, name="Trash", endpoint="trash")
    app.jinja_env.globals["undo_of"] = undo_of
    admin.add_views(
        *screens, history, trash, RevertView(endpoint="revert"), PaletteView(screens, endpoint="palette")
    )
