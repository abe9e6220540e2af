"""The extensions as bare objects; ``app.py`` binds them to an application."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from dashboard.database import Base, configure_engine

db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()
csrf = CSRFProtect()
compress = Compress()


def init_database(app: Flask) -> None:
    """Bind the database and prepare its engine before the first connection."""
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
