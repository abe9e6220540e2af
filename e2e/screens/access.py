"""The least role of each method and route: the table that the server is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LEAST = ("anonymous", "viewer", "editor", "admin", "owner")


@dataclass(frozen=True)
class Access:
    """Roles from `least` up are allowed; they get `status` for the fields in `send`."""

    least: str
    status: int = 200
    send: Mapping[str, str | int] = field(default_factory=dict)

    def allows(self, person: str) -> bool:
        """Whether users of this role are allowed; a deactivated user counts as anonymous."""
        return LEAST.index("anonymous" if person == "deactivated" else person) >= LEAST.index(self.least)


def screen(name: str, read: str, write: str, new: Mapping[str, str]) -> dict[str, Access]:
    """Return the routes that every list of records has; `new` are the fields of a valid form."""
    of_one = {"id": 2}
    base = f"/admin/{name}/"
    return {
        f"GET {base}": Access(read),
        f"GET {base}details/": Access(read, send=of_one),
        f"GET {base}history/": Access(read, send=of_one),
        f"GET {base}lookup/": Access(read, send={"q": "a"}),
        f"GET {base}new/": Access(write),
        f"POST {base}new/": Access(write, 303, new),
        f"GET {base}edit/": Access(write, send=of_one),
        f"POST {base}edit/": Access(write, 303, {**new, **of_one}),
        f"POST {base}editing/": Access(write, send=of_one),
        # There is no change to set back.
        f"GET {base}set-back/": Access(write, 404, of_one),
        f"POST {base}set-back/": Access(write, 404, of_one),
        f"GET {base}delete/": Access(write, send=of_one),
        f"POST {base}delete/": Access(write, 303, of_one),
        f"POST {base}action/": Access(write, 303, {"action": "delete", "confirm": "1", "rowid": 2}),
        f"GET {base}export/csv/": Access(write),
        f"GET {base}export/": Access(write),
        f"POST {base}export/": Access(write),
        f"GET {base}views/new/": Access(read),
        f"POST {base}views/new/": Access(read, 303, {"name": "Mine"}),
        # There are no views.
        f"GET {base}views/edit/": Access(read, 404, of_one),
        f"POST {base}views/edit/": Access(read, 404, of_one),
        f"POST {base}views/update/": Access(read, 404, of_one),
        f"GET {base}views/delete/": Access(read, 404, of_one),
        f"POST {base}views/delete/": Access(read, 404, of_one),
    }


def imports(name: str, write: str) -> dict[str, Access]:
    """Return the routes of a list that can be imported into; there is no import yet."""
    base, of_one = f"/admin/{name}/import/", {"id": 2}
    pages = {f"GET {base}{page}/": Access(write, 404, of_one) for page in ("columns", "check", "result")}
    return {
        f"GET {base}": Access(write),
        f"POST {base}": Access(write),
        f"GET {base}example/": Access(write),
        f"GET {base}undo/": Access(write, 404, of_one),
        f"GET {base}refused/": Access(write, 404, of_one),
        **pages,
        **{
            f"POST {base}{page}/": Access(write, 404, of_one)
            for page in ("columns", "apply", "undo", "give-up")
        },
    }


def files(name: str, read: str, write: str, field: str) -> dict[str, Access]:
    """Return the routes of the files of records; there is no file yet."""
    base, of_one = f"/admin/{name}/", {"id": 2, "field": field}
    return {
        f"GET {base}file/": Access(read, 404),
        f"GET {base}files/": Access(write, send=of_one),
        f"POST {base}files/": Access(write, 303, of_one),
        f"GET {base}files/add/": Access(write, send=of_one),
        f"POST {base}files/add/": Access(write, 303, of_one),
        f"POST {base}files/upload/": Access(write, 422, of_one),
    }


PASSWORD = "quiet harbour teapot 9"
NEWCOMER = {"email": "new@example.test", "password": PASSWORD, "confirm": PASSWORD, "role": "viewer"}
PRODUCT = {
    "name": "Stool",
    "sku": "STOOL-1",
    "price": "9.50",
    "currency": "EUR",
    "stock": "1",
    "status": "draft",
    "category": "",
}

TABLE: dict[str, Access] = {
    "GET /": Access("anonymous", 302),
    "GET /healthz": Access("anonymous"),
    "GET /readyz": Access("anonymous"),
    "GET /admin/": Access("viewer"),
    "POST /admin/first-steps/hide/": Access("viewer", 303),
    "GET /admin/palette/": Access("viewer", send={"q": "lamp"}),
    "POST /mode": Access("anonymous", 303, {"mode": "dark"}),
    # No link has this token.
    "GET /invitation": Access("anonymous", 404, {"token": "x"}),
    "POST /invitation": Access("anonymous", 404, {"token": "x"}),
    "GET /reset": Access("anonymous", 404, {"token": "x"}),
    "POST /reset": Access("anonymous", 303),
    "GET /password/forgot": Access("anonymous"),
    "POST /password/forgot": Access("anonymous"),
    "GET /registration": Access("anonymous", 404, {"token": "x"}),
    "POST /registration": Access("anonymous", 404, {"token": "x"}),
    "POST /logout": Access("anonymous", 303),
    "GET /login/passkey": Access("anonymous", 302),
    "GET /login/passkey/options": Access("anonymous"),
    "GET /profile": Access("viewer"),
    "POST /profile": Access("viewer", 303, {"name": "Me", "mode": "dark"}),
    "POST /profile/password": Access("viewer", 200, {"current": "wrong"}),
    "GET /profile/email": Access("viewer"),
    "POST /profile/email": Access("viewer"),
    "GET /profile/email/confirm": Access("viewer", 404, {"token": "x"}),
    "POST /profile/email/confirm": Access("viewer", 404, {"token": "x"}),
    "GET /profile/second-factor": Access("viewer"),
    "GET /profile/authenticator": Access("viewer"),
    "POST /profile/authenticator": Access("viewer", send={"one_time_code": "x"}),
    # Nobody has a second factor.
    "GET /profile/authenticator/remove": Access("viewer", 302),
    "POST /profile/authenticator/remove": Access("viewer", 303),
    "GET /profile/passkeys/new": Access("viewer"),
    "POST /profile/passkeys/new": Access("viewer", send={"name": "x"}),
    # Nobody has a passkey.
    "GET /profile/passkeys/<key>/remove": Access("viewer", 404),
    "POST /profile/passkeys/<key>/remove": Access("viewer", 404),
    "GET /profile/passkeys/<key>/rename": Access("viewer", 404),
    "POST /profile/passkeys/<key>/rename": Access("viewer", 404),
    "GET /profile/recovery-codes": Access("viewer", 302),
    "POST /profile/recovery-codes": Access("viewer", 303),
    "POST /profile/sessions/end-others": Access("viewer", 303),
    "POST /profile/sessions/<session_id>/end": Access("viewer", 404),
    **screen("products", "viewer", "editor", PRODUCT),
    "POST /admin/products/cell/": Access("editor", 400, {"id": 2, "field": "name", "value": "x"}),
    "POST /admin/products/cell/block/": Access("editor", 400, {"cells": "[]", "versions": "[]"}),
    "POST /admin/products/cell/undo/": Access("editor", 404, {"id": 2, "set": 0}),
    **imports("products", "editor"),
    **files("products", "viewer", "editor", "photos"),
    **screen("categories", "viewer", "editor", {"name": "Outdoors"}),
    **imports("categories", "editor"),
    "GET /admin/trash/": Access("editor"),
    # The trash is empty.
    "POST /admin/trash/action/": Access("editor", 303, {"action": "restore", "confirm": "1", "rowid": 2}),
    "GET /admin/trash/details/": Access("editor", 404, {"id": 2}),
    "GET /admin/trash/restore/": Access("editor", 404, {"id": 2}),
    "POST /admin/trash/restore/": Access("editor", 404, {"id": 2}),
    "GET /admin/trash/purge/": Access("owner", 404, {"id": 2}),
    "POST /admin/trash/purge/": Access("owner", 404, {"id": 2}),
    # There is no change to revert.
    "GET /admin/revert/": Access("viewer", 404, {"set": 0}),
    "POST /admin/revert/": Access("viewer", 404, {"set": 0}),
    "POST /admin/revert/undo/": Access("viewer", 404, {"id": 0}),
    **screen("users", "admin", "admin", NEWCOMER),
    "GET /admin/history/": Access("viewer"),
    "GET /admin/jobs/": Access("viewer"),
    # There are no jobs.
    "GET /admin/jobs/details/": Access("viewer", 404, {"id": 2}),
    "GET /admin/jobs/progress/": Access("viewer", 404, {"id": 2}),
    "GET /admin/jobs/file/": Access("viewer", 404, {"id": 2}),
    "POST /admin/jobs/cancel/": Access("viewer", 404, {"id": 2}),
    "POST /admin/jobs/retry/": Access("viewer", 404, {"id": 2}),
    "GET /admin/jobs/undo/": Access("viewer", 404, {"id": 2}),
    "POST /admin/jobs/undo/": Access("viewer", 404, {"id": 2}),
    "GET /admin/security/": Access("admin"),
    # No event has this number.
    "GET /admin/security/details/": Access("admin", 404, {"id": 0}),
    "GET /admin/history/details/": Access("viewer", send={"id": 1}),
    "GET /admin/users/erase/": Access("owner", 302, {"id": 2}),
    "POST /admin/users/erase/": Access("owner", 303, {"id": 2}),
    "GET /admin/users/deactivate/": Access("admin", send={"id": 2}),
    "POST /admin/users/deactivate/": Access("admin", 303, {"id": 2}),
    "GET /admin/users/reactivate/": Access("admin", send={"id": 5}),
    "POST /admin/users/reactivate/": Access("admin", 303, {"id": 5}),
    "GET /admin/users/sign-out/": Access("admin", send={"id": 2}),
    "POST /admin/users/sign-out/": Access("admin", 303, {"id": 2}),
    "GET /admin/users/reset-factors/": Access("admin", send={"id": 2}),
    "POST /admin/users/reset-factors/": Access("admin", 303, {"id": 2}),
    "GET /admin/users/new-link/": Access("admin", send={"id": 2}),
    "POST /admin/users/new-link/": Access("admin", 303, {"id": 2}),
    # The console of this suite sends no mail.
    "GET /admin/users/send-link/": Access("admin", 403, {"id": 2}),
    "POST /admin/users/send-link/": Access("admin", 403, {"id": 2}),
    "GET /admin/mail/": Access("admin"),
    "POST /admin/mail/retry/": Access("admin", 303, {"id": 1}),
    "POST /admin/mail/give-up/": Access("admin", 303, {"id": 1}),
    "GET /admin/users/link/": Access("admin", send={"id": 2}),
}
# For users who are logged out; others are redirected to the products.
LOGGED_OUT = {
    "GET /login": Access("anonymous"),
    "POST /login": Access("anonymous", 200, {"email": "x@example.test", "password": "x"}),
    "GET /login/confirm": Access("viewer", 302),  # after a fresh proof it leads on
    "POST /login/confirm": Access("viewer", 303, {"password": "x"}),
    "POST /login/passkey": Access("anonymous", 200, {"passkey": "x"}),
    "GET /login/factor": Access("viewer", 302),  # there is no begun login
    "POST /login/factor": Access("viewer", 303, {"one_time_code": "x"}),
    "GET /register": Access("anonymous"),
    "POST /register": Access("anonymous", 303, NEWCOMER),
}
