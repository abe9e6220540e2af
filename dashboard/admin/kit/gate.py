"""The gate of the console: users must be logged in and allowed; a route without its access is denied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_login import current_user

from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.admin.kit.reasons import SCREEN_KIND
from dashboard.database.transactions import begin_write
from dashboard.extensions import db, login_manager
from dashboard.history.reasons import REASON_FIELD, take_reason
from dashboard.permissions import Access, Permission, may

View = TypeVar("View", bound=Callable[..., Any])
WRITES = "POST"
"""The only method that may change something."""
ACCESS = "access"
"""The attribute of a view function or an action with the access that it needs."""


def needs(access: Access | str) -> Callable[[View], View]:
    """Let only users with `access` use a view function or an action.

    An `Access` is to the records of the screen; a text is the name of a permission, such as
    ``suppliers:approve``. Raises ValueError for a text of another form.
    """

    needed = access if isinstance(access, Access) else Permission(access)

    def mark(view: View) -> View:
        setattr(view, ACCESS, needed)
        return view

    return mark


def route(path: str, access: Access | str, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """Serve a view function at `path`, below the address of its screen, for those who have `access`.

    The access is one that a view function `needs`.
    """

    def mark(view: View) -> View:
        exposed: View = expose(path, methods=tuple(methods))(view)
        return needs(access)(exposed)

    return mark


def needed_in(part: object) -> set[Access | Permission]:
    """The accesses that the methods of a view or of a feature need."""
    found = (getattr(getattr(type(part), name), ACCESS, None) for name in dir(type(part)))
    return {access for access in found if isinstance(access, Access | Permission)}


class Gate:
    """The gate before every view of the console. A view function without `route` is open to nobody."""

    needs_proof: ClassVar[bool] = False
    """Whether a change on this view needs a fresh proof of who makes it."""
    reason_required: ClassVar[bool] = False
    """Whether changes of the records of this view need a reason."""

    def access_to(self, view_function: str) -> Access | Permission | None:
        """The access that a view function needs; None where there is no such function."""
        found: Access | Permission | None = getattr(getattr(type(self), view_function, None), ACCESS, None)
        return found

    def permission(self, access: Access) -> Permission:
        """The permission for an access to the records of this view; raises LookupError without records."""
        raise LookupError(f"{type(self).__name__} has no records to {access}.")

    def allows(self, view_function: str) -> bool:
        """Whether the current user may use a view function of this screen."""
        access = self.access_to(view_function)
        return access is not None and self.holds(access)

    def permission_to(self, view_function: str) -> Permission:
        """The permission for a view function; raises ValueError where it is open to nobody."""
        access = self.access_to(view_function)
        if access is None:
            raise ValueError(f"{type(self).__name__}.{view_function} is open to nobody. Say what it needs.")
        return self.permission(access) if isinstance(access, Access) else access

    def holds(self, access: Access | Permission) -> bool:
        """Whether the current user has an access to the records of this view, or a permission."""
        return may(self.permission(access) if isinstance(access, Access) else access)

    def is_accessible(self) -> bool:
        """Whether the screen can be opened at all; Flask-Admin asks before it shows a link."""
        return self.allows("index_view")

    def _handle_view(self, name: str, **_kwargs: Any) -> ResponseReturnValue | None:
        """Let the request pass or refuse it; called by Flask-Admin before every view function.

        A request that writes begins its transaction here, so that the permission is read from the same state
        of the database as everything after it.
        """
        if not current_user.is_authenticated:
            return login_manager.unauthorized()  # type: ignore[no-any-return]
        setattr(g, SCREEN_KIND, getattr(self, "kind", ""))
        if request.method == WRITES:
            self.begin(name)
        if not (current_user.active and self.allows(name)):
            abort(403)
        return None if proof_is_fresh() else self.ask_for_proof(name)

    def ask_for_proof(self, name: str) -> ResponseReturnValue | None:  # noqa: ARG002
        """The answer to a request for the view function `name`, where it needs a fresh proof of its user."""
        return None

    def begin(self, name: str) -> None:  # noqa: ARG002
        """Begin the writing transaction of the view function `name`, whose changes have the sent reason."""
        take_reason(request.form.get(REASON_FIELD, ""))
        begin_write(db.session)

    def _run_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin calls a view that raised TypeError a second time, which hides the error.
        return view(self, *args, **kwargs)
