"""The one gate of the console: signed in, and allowed by name; whatever is not named is denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.database.transactions import begin_write
from dashboard.extensions import db, login_manager
from dashboard.permissions import Permission, may

ACTIONS_ONLY = "POST"


class Gate:
    """What every view of the console is behind.

    ``permissions`` names, for each view function, the permission it needs. A function that is not named is
    open to nobody.
    """

    permissions: ClassVar[Mapping[str, Permission]] = {}

    def allows(self, view_function: str) -> bool:
        """Whether the person at hand may use `view_function` of this screen."""
        permission = self.permissions.get(view_function)
        return permission is not None and may(permission)

    def is_accessible(self) -> bool:
        """Whether the screen can be opened at all; Flask-Admin asks before it shows a link."""
        return self.allows("index_view")

    def _handle_view(self, name: str, **_kwargs: Any) -> ResponseReturnValue | None:
        """Let the request pass, or send it away; called by Flask-Admin before every view function.

        A request that changes something gets its writing transaction here, so that the permission is read
        from the same state of the database as everything after it.
        """
        if not current_user.is_authenticated:
            return login_manager.unauthorized()  # type: ignore[no-any-return]
        if request.method == ACTIONS_ONLY:
            self.begin(name)
        if not (current_user.active and self.allows(name)):
            abort(403)
        return None

    def begin(self, name: str) -> None:  # noqa: ARG002
        """Begin the writing transaction of the view function `name`."""
        begin_write(db.session)

    def _run_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin's own calls a view that raised TypeError a second time, hiding the error.
        return view(self, *args, **kwargs)
