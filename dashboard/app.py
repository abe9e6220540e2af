"""The application factory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import ModuleType

from flask import Flask

from dashboard.accounts.blueprints import init_accounts
from dashboard.accounts.uploads import init_uploads
from dashboard.admin.register import init_admin
from dashboard.config import Settings
from dashboard.errors import init_errors
from dashboard.extensions import csrf, init_database
from dashboard.files.keeping import init_keeping
from dashboard.files.store import init_files
from dashboard.history.changed_fields import init_changed_fields
from dashboard.history.recording import init_history
from dashboard.jobs.keeping import init_jobs
from dashboard.log_lines import init_logging
from dashboard.mail.background import init_mail
from dashboard.ops.health import init_health
from dashboard.permissions import init_permissions
from dashboard.plugins import find_plugins
from dashboard.registry import init_registry
from dashboard.trash.sweeping import init_trash
from dashboard.web.assets import init_assets
from dashboard.web.flashes import init_flashes
from dashboard.web.navigation import init_navigation
from dashboard.web.pages import init_web
from dashboard.web.security_headers import init_security_headers
from dashboard.web.wsgi import flask_config, init_bounds, init_parameters, init_wsgi, template_folder


def create_app(settings: Settings | None = None, plugins: Sequence[ModuleType] = ()) -> Flask:
    """Build the console from `settings` or the environment, with `plugins` in addition to those named there.

    Raises SettingsError for invalid settings and for a plug-in that cannot be used.
    """
    settings = settings or Settings.from_environment(os.environ)
    init_logging(as_json=settings.is_production)
    found = find_plugins(settings.plugins, plugins)
    app = Flask(
        "dashboard",
        static_folder=None,
        template_folder=template_folder(),
        instance_path=str(settings.instance.absolute()),
    )
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    init_database(app)
    init_permissions(app)
    init_registry(app)
    init_navigation(app)
    init_history()
    init_changed_fields()
    init_web(app)
    init_bounds(app)
    init_flashes(app)  # before the rest: after a view, what is registered first runs last
    init_security_headers(app)
    init_uploads(app)  # before anything reads the body of a request
    init_parameters(app)
    csrf.init_app(app)
    init_mail(app)
    init_accounts(app)
    init_trash(app)
    init_jobs(app)
    init_files(app)
    init_keeping(app)
    init_admin(app, found)
    init_health(app)
    init_errors(app)
    init_assets(app)
    init_wsgi(app)
    return app
