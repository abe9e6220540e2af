"""Each route and action of a kind for each kind of visitor: the role decides, and reading changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.test import TestResponse

from dashboard.admin.kit.gate import ACCESS
from dashboard.permissions import GRANTS, Access, Permission, Role
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds.consoles import client_as
from dashboard.testing.kinds.kind import Kind
from dashboard.testing.markup import read

LOGIN = "/login"


def access_faults(kind: Kind, key: str) -> Iterator[str]:
    """The routes that answer a visitor whom they should refuse, or the reverse, or change something."""
    for role in (None, *Role):
        visitor = Visitor(kind, role)
        for rule in kind.rules():
            for method in sorted({"GET", "POST"} & set(rule.methods or ())):
                yield from _faults_of(visitor, key, method, rule.endpoint.partition(".")[2], rule.rule)
        if role:
            yield from _faults_of_actions(visitor, role, key)


class Visitor:
    """A user with a role, or one who is logged out, with a good token."""

    def __init__(self, kind: Kind, role: Role | None) -> None:
        self.kind, self.role, self.client = kind, role, client_as(kind.app, role)
        self.token = read(self.client.get("/admin/" if role else LOGIN).text).fields["csrf_token"]

    def ask(self, action: str, key: str) -> TestResponse:
        """Ask for an action on a record, without confirming it."""
        fields = {"rowid": key, "action": action, "csrf_token": self.token}
        return self.client.post(f"{self.kind.address}action/", data=fields)

    def send(self, method: str, path: str, key: str) -> TestResponse:
        """Send what a browser would send to a route."""
        if method == "GET":
            return self.client.get(path, query_string={"id": key})
        fields = {"id": key, "rowid": key, "action": "delete", "confirm": "1"}
        return self.client.post(path, data={**fields, "csrf_token": self.token})


def _faults_of(visitor: Visitor, key: str, method: str, function: str, path: str) -> Iterator[str]:
    kind, role = visitor.kind, visitor.role
    allowed = is_allowed(kind, role, function)
    if allowed and method == "POST" and kind.view.access_to(function) is not Access.READ:
        return  # the other checks write
    before, answer, who = kind.digest(), visitor.send(method, path, key), role or "a user who is logged out"
    found, expected = _word(answer), "login" if role is None else "open" if allowed else "refused"
    if found != expected:
        yield f"{method} {path} is {found} for {who}, expected: {expected}"
    if kind.digest() != before:
        yield f"{method} {path} changed records for {who}, who may not change them so"


def _faults_of_actions(visitor: Visitor, role: Role, key: str) -> Iterator[str]:
    """The actions that need something besides, and answer a role without it, or refuse one that has it."""
    kind = visitor.kind
    for name, (act, *_) in kind.view._actions_data.items():
        needed = getattr(act, ACCESS, None)
        if needed is None:
            continue
        allowed = is_allowed(kind, role, "action_view") and has(kind, role, needed)
        found, expected = _word(visitor.ask(name, key)), "open" if allowed else "refused"
        if found != expected:
            yield f"The action {name} is {found} for {role}, expected: {expected}"


def has(kind: Kind, role: Role, needed: Access | Permission) -> bool:
    """Whether a role has an access to the records of a kind, or a permission."""
    permission: Permission = kind.view.permission(needed) if isinstance(needed, Access) else needed
    return permission in kind.app.extensions[GRANTS].of(role)


def is_allowed(kind: Kind, role: Role | None, function: str) -> bool:
    """Whether a role has the access that a route names."""
    access = kind.view.access_to(function)
    return role is not None and access is not None and has(kind, role, access)


def _word(answer: TestResponse) -> str:
    if is_redirect(answer) and str(answer.location).startswith(LOGIN):
        return "login"
    return "refused" if answer.status_code == 403 else "open"
