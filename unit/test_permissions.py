"""Who may do what."""

import pytest
from flask import Flask
from flask_login import AnonymousUserMixin

from dashboard.accounts.models import User
from dashboard.permissions import (
    HOME_READ,
    JOBS_MANAGE,
    SECURITY_READ,
    VIEWS_MANAGE,
    VIEWS_SHARE,
    Access,
    Permission,
    Role,
    can,
    grants,
    require,
)
from unit.conftest import ClientAs, MakeApp

OF_RECORDS = {
    "products": (Role.VIEWER, Role.EDITOR, Role.EDITOR, Role.OWNER),
    "categories": (Role.VIEWER, Role.EDITOR, Role.EDITOR, Role.OWNER),
    "users": (Role.ADMIN, Role.ADMIN, Role.ADMIN, Role.OWNER),
}
LEAST_ROLE = {
    HOME_READ: Role.VIEWER,
    VIEWS_SHARE: Role.EDITOR,
    VIEWS_MANAGE: Role.ADMIN,
    SECURITY_READ: Role.ADMIN,
    JOBS_MANAGE: Role.ADMIN,
} | {
    Permission(f"{kind}:{access}"): role
    for kind, roles in OF_RECORDS.items()
    for access, role in zip(Access, roles, strict=True)
}


def test_every_permission_has_a_least_role_here(context: Flask) -> None:
    assert grants().least == LEAST_ROLE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", LEAST_ROLE)
def test_a_role_may_do_what_the_table_says_and_nothing_else(
    context: Flask, role: Role, permission: Permission
) -> None:
    assert can(User(role=role), permission) == (role.rank >= LEAST_ROLE[permission].rank)


@pytest.mark.parametrize(("role", "next_role"), [*zip(list(Role), list(Role)[1:], strict=False)])
def test_each_role_has_all_of_the_one_before(context: Flask, role: Role, next_role: Role) -> None:
    assert grants().of(role) < grants().of(next_role)
    assert role.rank + 1 == next_role.rank


def test_an_owner_may_do_everything(context: Flask) -> None:
    assert grants().of(Role.OWNER) == set(LEAST_ROLE)


@pytest.mark.parametrize("permission", LEAST_ROLE)
def test_anonymous_user_may_do_nothing(context: Flask, permission: Permission) -> None:
    assert not can(AnonymousUserMixin(), permission)


def test_a_permission_may_be_asked_for_by_its_name(context: Flask) -> None:
    assert can(User(role=Role.VIEWER), "products:read")


def test_a_permission_that_does_not_exist_is_a_fault_and_not_a_refusal(context: Flask) -> None:
    with pytest.raises(ValueError, match="products:fly"):
        can(User(role=Role.OWNER), "products:fly")


@pytest.mark.parametrize("text", ["products", "products:", ":read", "Products:read", "products:read:all", ""])
def test_a_permission_is_written_as_resource_and_action(text: str) -> None:
    with pytest.raises(ValueError, match="resource:action"):
        Permission(text)


def test_a_permission_is_made_once_with_one_least_role(context: Flask) -> None:
    with pytest.raises(ValueError, match="products:read belongs to viewer already, not to owner"):
        grants().add(Permission("products:read"), Role.OWNER)
    assert grants().least_role("products:read") is Role.VIEWER


def test_two_applications_in_one_process_share_no_permissions(make_app: MakeApp) -> None:
    first, second = make_app(), make_app()
    with first.app_context():
        grants().add(Permission("suppliers:read"), Role.VIEWER)
    with second.app_context(), pytest.raises(ValueError, match="suppliers:read"):
        grants().least_role("suppliers:read")


class TestAGuardedView:
    """`require`, on a view of its own."""

    @pytest.fixture
    def app(self, make_app: MakeApp) -> Flask:
        app = make_app()
        guarded = require(Permission("products:export"))(lambda: "Here you are.")
        app.add_url_rule("/guarded", view_func=guarded, endpoint="guarded")
        return app

    def test_it_sends_anonymous_people_to_log_in(self, app: Flask) -> None:
        answer = app.test_client().get("/guarded")
        assert (answer.status_code, answer.location) == (302, "/login?next=%2Fguarded")

    def test_it_refuses_a_role_without_the_permission(self, client_as: ClientAs) -> None:
        assert client_as("viewer").get("/guarded").status_code == 403

    def test_it_lets_a_role_with_the_permission_in(self, client_as: ClientAs) -> None:
        assert client_as("editor").get("/guarded").text == "Here you are."
