"""Who may do what."""

import pytest
from flask import Flask
from flask_login import AnonymousUserMixin

from dashboard.accounts.models import User
from dashboard.permissions import PERMISSIONS, Permission, Role, can, require
from unit.conftest import ClientAs, MakeApp

LEAST_ROLE = {
    Permission.HOME_READ: Role.VIEWER,
    Permission.PRODUCTS_READ: Role.VIEWER,
    Permission.CATEGORIES_READ: Role.VIEWER,
    Permission.PRODUCTS_WRITE: Role.EDITOR,
    Permission.PRODUCTS_EXPORT: Role.EDITOR,
    Permission.CATEGORIES_WRITE: Role.EDITOR,
    Permission.VIEWS_SHARE: Role.EDITOR,
    Permission.VIEWS_MANAGE: Role.ADMIN,
    Permission.PRODUCTS_PURGE: Role.OWNER,
    Permission.USERS_READ: Role.ADMIN,
    Permission.USERS_WRITE: Role.ADMIN,
    Permission.USERS_EXPORT: Role.ADMIN,
    Permission.HISTORY_ERASE: Role.OWNER,
}


def test_every_permission_has_a_least_role_here() -> None:
    assert set(LEAST_ROLE) == set(Permission)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: Role, permission: Permission) -> None:
    assert can(User(role=role), permission) == (role.rank >= LEAST_ROLE[permission].rank)


@pytest.mark.parametrize(("role", "next_role"), [*zip(list(Role), list(Role)[1:], strict=False)])
def test_each_role_has_all_of_the_one_before(role: Role, next_role: Role) -> None:
    assert role.permissions < next_role.permissions or next_role is Role.OWNER
    assert role.rank + 1 == next_role.rank


def test_an_owner_may_do_everything() -> None:
    assert PERMISSIONS[Role.OWNER] == frozenset(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_somebody_anonymous_may_do_nothing(permission: Permission) -> None:
    assert not can(AnonymousUserMixin(), permission)


def test_a_permission_may_be_asked_for_by_its_name() -> None:
    assert can(User(role=Role.VIEWER), "products:read")


def test_a_permission_that_does_not_exist_is_a_fault_and_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="products:fly"):
        can(User(role=Role.OWNER), "products:fly")


def test_permissions_are_sorted_and_named_by_resource_and_action() -> None:
    assert list(Permission) == sorted(Permission)
    for permission in Permission:
        assert permission.name.lower().split("_") == permission.value.split(":")


class TestAGuardedView:
    """`require`, on a view of its own."""

    @pytest.fixture
    def app(self, make_app: MakeApp) -> Flask:
        app = make_app()
        guarded = require(Permission.PRODUCTS_EXPORT)(lambda: "Here you are.")
        app.add_url_rule("/guarded", view_func=guarded, endpoint="guarded")
        return app

    def test_it_sends_anonymous_people_to_sign_in(self, app: Flask) -> None:
        answer = app.test_client().get("/guarded")
        assert (answer.status_code, answer.location) == (302, "/login?next=%2Fguarded")

    def test_it_refuses_a_role_without_the_permission(self, client_as: ClientAs) -> None:
        assert client_as("viewer").get("/guarded").status_code == 403

    def test_it_lets_a_role_with_the_permission_in(self, client_as: ClientAs) -> None:
        assert client_as("editor").get("/guarded").text == "Here you are."
