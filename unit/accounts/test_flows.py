"""Changes of accounts, and who may make them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts import flows, managing
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.passwords import verify_password
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_session, an_account

pytestmark = pytest.mark.usefixtures("context")
RANKS = list(Role)
Flow = Callable[[User, list[User]], int]


class TestEmails:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("kim@example.test", "kim@example.test"),
            ("  Kim@Example.TEST ", "kim@example.test"),
            ("kim+staff@example.test", "kim+staff@example.test"),
            ("o'neil@example.test", "o'neil@example.test"),
            ("jose\u0301@example.test", "jos\u00e9@example.test"),
            ("kim@xn--mnchen-3ya.test", "kim@münchen.test"),
        ],
        ids=ascii,
    )
    def test_are_stored_in_one_form(self, typed: str, stored: str) -> None:
        assert flows.normalise_email(typed) == stored

    @pytest.mark.parametrize(
        "typed",
        ["", "kim", "kim@", "@example.test", "kim@example", "a b@example.test", "kim@example..test",
         "kim@@x.test", "kim\0@example.test", "<kim@example.test>", "kim@example.test,lee@example.test",
         "kim@[127.0.0.1]", "x" * 300 + "@example.test"],
        ids=ascii,
    )  # fmt: skip
    def test_that_are_invalid_are_refused_with_a_reason(self, typed: str) -> None:
        with pytest.raises(Refusal, match=r"\w+ \w+ .*\.$"):
            flows.normalise_email(typed)

    @pytest.mark.parametrize(
        "typed",
        [
            "kim@example.test",
            "KIM@example.TEST",
            " kim@example.test ",
            "jose\u0301@example.test",
            "lee@xn--mnchen-3ya.test",
        ],
        ids=ascii,
    )
    def test_are_found_in_every_spelling(self, typed: str) -> None:
        for email in ("kim@example.test", "jos\u00e9@example.test", "lee@münchen.test"):
            an_account(email=email)
        found = flows.find_account(typed)
        assert found is not None
        assert found.email == flows.normalise_email(typed)

    @pytest.mark.parametrize(
        "typed", ["", "nobody@example.test", "kim", "\0", "kim@example.test\0", "x" * 5000]
    )
    def test_without_an_account_are_not_found(self, typed: str) -> None:
        an_account(email="kim@example.test")
        assert flows.find_account(typed) is None


class TestMakingAnAccount:
    def test_stores_its_arguments_normalised(self) -> None:
        user = flows.create_account("Kim@example.test", PASSWORD, role="editor", name=" Kim ")
        assert (user.email, user.role, user.name, user.active) == (
            "kim@example.test",
            Role.EDITOR,
            "Kim",
            True,
        )
        assert verify_password(user.password_hash, PASSWORD)
        assert user.id

    @pytest.mark.parametrize("again", ["kim@example.test", "KIM@EXAMPLE.TEST", " kim@example.test"])
    def test_refuses_an_email_in_use(self, again: str) -> None:
        flows.create_account("kim@example.test", PASSWORD, role=Role.VIEWER)
        with pytest.raises(Refusal, match="already exists"):
            flows.create_account(again, PASSWORD, role=Role.VIEWER)

    def test_raises_an_error_for_an_unknown_role(self) -> None:
        with pytest.raises(ValueError, match="root"):
            flows.create_account("kim@example.test", PASSWORD, role="root")

    @pytest.mark.parametrize(
        "name", ["x" * 101, "Kim\0", "Kim\nQuill", "\x1b[31m", "\u3164", "Kim\u202e", "boss@example.test"]
    )
    def test_refuses_an_invalid_name(self, name: str) -> None:
        with pytest.raises(Refusal) as refusal:
            flows.create_account("kim@example.test", PASSWORD, role="viewer", name=name)
        assert refusal.value.field == "name"

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "Kim",
            "Zoë Quill-O'Neil",
            "李明",
            "x" * 100,
            "क्\u200dष",
            "Kim\u00a0Q",
            "Kim (kim@example.test)",
        ],
    )
    def test_accepts_any_other_name(self, name: str) -> None:
        assert flows.create_account("kim@example.test", PASSWORD, role="viewer", name=name).name == name

    def test_first_registration_makes_the_owner(self) -> None:
        assert (
            flows.register_account("kim@example.test", PASSWORD, default_role=Role.VIEWER).role == Role.OWNER
        )

    def test_later_registration_gives_the_default_role(self) -> None:
        an_account("owner")
        db.session.commit()
        assert (
            flows.register_account("kim@example.test", PASSWORD, default_role=Role.EDITOR).role == Role.EDITOR
        )

    def test_second_registration_is_refused_without_a_default_role(self) -> None:
        an_account("owner")
        db.session.commit()
        with pytest.raises(Refusal, match="Another user has just registered"):
            flows.register_account("kim@example.test", PASSWORD, default_role=None)


class TestAuthenticating:
    def test_correct_password_returns_the_account(self) -> None:
        kim = an_account()
        db.session.commit()
        assert flows.authenticate(kim.email.upper(), PASSWORD) == kim

    @pytest.mark.parametrize("change", ["password", "active", "gone"])
    def test_account_changed_while_its_password_is_checked_is_refused(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch, change: str
    ) -> None:
        email = an_account().email
        db.session.commit()
        verify = flows.matching_form

        def changing(*arguments: str) -> str | None:
            right = verify(*arguments)
            with app.app_context():
                change_behind(email, change)
            return right

        monkeypatch.setattr(flows, "matching_form", changing)
        assert flows.authenticate(email, PASSWORD) is None


def change_behind(email: str, change: str) -> None:
    """Change an account from another session."""
    user = db.session.scalars(select(User).where(User.email == email)).one()
    if change == "gone":
        db.session.delete(user)
    elif change == "active":
        user.active = False
    else:
        user.password_hash = "changed"
    db.session.commit()


class TestWhoMayManageWhom:
    @pytest.mark.parametrize("actor", RANKS)
    @pytest.mark.parametrize("subject", RANKS)
    def test_admins_and_owners_manage_roles_up_to_their_own(self, actor: Role, subject: Role) -> None:
        expected = actor.rank >= Role.ADMIN.rank and subject.rank <= actor.rank
        assert managing.may_manage(an_account(actor), an_account(subject)) is expected

    @pytest.mark.parametrize("role", RANKS)
    def test_users_do_not_manage_themselves(self, role: Role) -> None:
        kim = an_account(role)
        assert not managing.may_manage(kim, kim)

    @pytest.mark.parametrize("role", RANKS)
    def test_users_grant_roles_up_to_their_own(self, role: Role) -> None:
        assert managing.grantable_roles(an_account(role)) == RANKS[: role.rank + 1]


class TestChangingAnAccount:
    def test_sets_name_and_role(self) -> None:
        kim = an_account()
        managing.change_account(an_account("admin"), kim, name="Kim", role=Role.EDITOR)
        assert (kim.name, kim.role) == ("Kim", Role.EDITOR)

    def test_refuses_a_name_that_reads_like_another_email(self) -> None:
        kim = an_account(name="Kim", email="kim@example.test")
        with pytest.raises(Refusal, match="other than the account's own"):
            managing.change_account(an_account("admin"), kim, name="boss@example.test", role=Role.VIEWER)
        assert kim.name == "Kim"

    def test_accepts_an_unchanged_name_that_is_no_longer_valid(self) -> None:
        kim = an_account(name="boss@example.test", email="kim@example.test")
        managing.change_account(an_account("admin"), kim, name="boss@example.test", role=Role.EDITOR)
        assert (kim.name, kim.role) == ("boss@example.test", Role.EDITOR)

    def test_changes_ones_own_name_but_not_role(self) -> None:
        kim = an_account("admin")
        managing.change_account(kim, kim, name="Kim", role=Role.ADMIN)
        assert kim.name == "Kim"
        with pytest.raises(Refusal, match="your own account"):
            managing.change_account(kim, kim, name="Kim", role=Role.VIEWER)

    def test_refuses_a_role_above_ones_own(self) -> None:
        with pytest.raises(Refusal, match="above your own"):
            managing.change_account(an_account("admin"), an_account(), name="", role=Role.OWNER)

    def test_refuses_accounts_above_ones_own_role(self) -> None:
        with pytest.raises(Refusal, match="Only an owner can manage"):
            managing.change_account(an_account("admin"), an_account("owner"), name="", role=Role.OWNER)

    def test_of_the_password_ends_all_other_sessions_of_the_user(self) -> None:
        kim, lee = an_account(), an_account()
        for user in (kim, kim, kim, lee):
            a_session(user)
        db.session.commit()
        first, *_, of_lee = db.session.scalars(select(UserSession.id).order_by(UserSession.id))
        flows.change_password(kim, NEW_PASSWORD, keep_session=first)
        assert sorted(db.session.scalars(select(UserSession.id))) == [first, of_lee]
        assert verify_password(kim.password_hash, NEW_PASSWORD)


class TestDeactivatingAndDeleting:
    @pytest.mark.parametrize("flow", [managing.deactivate_accounts, managing.delete_accounts])
    def test_ends_the_sessions_of_these_accounts_only(self, flow: Flow) -> None:
        users, other = [an_account(), an_account("editor")], an_account()
        for user in (*users, other):
            a_session(user)
        assert flow(an_account("owner"), users) == 2
        assert list(db.session.scalars(select(UserSession.user_id))) == [other.id]

    def test_deactivated_account_can_be_reactivated(self) -> None:
        owner, kim = an_account("owner"), an_account()
        managing.deactivate_accounts(owner, [kim])
        assert not kim.is_active
        assert managing.reactivate_accounts(owner, [kim]) == 1
        assert kim.is_active

    def test_deleted_account_is_gone(self) -> None:
        owner, kim = an_account("owner"), an_account()
        managing.delete_accounts(owner, [kim])
        assert list(db.session.scalars(select(User))) == [owner]

    def test_logging_out_everywhere_ends_all_sessions_of_the_user(self) -> None:
        kim, lee = an_account(), an_account()
        for user in (kim, kim, lee):
            a_session(user)
        assert managing.log_out_everywhere(an_account("admin"), [kim]) == 2
        assert list(db.session.scalars(select(UserSession.user_id))) == [lee.id]

    @pytest.mark.parametrize(
        ("flow", "active"),
        [
            (managing.deactivate_accounts, True),
            (managing.reactivate_accounts, False),
            (managing.delete_accounts, True),
        ],
    )
    def test_selection_with_a_higher_role_changes_no_account(self, flow: Flow, active: bool) -> None:
        kim, owner = an_account(active=active), an_account("owner")
        with pytest.raises(Refusal, match=f"Only an owner can manage {owner.email}"):
            flow(an_account("admin"), [kim, owner])
        assert kim.active == active
        assert db.session.scalar(select(func.count(User.id))) == 3

    @pytest.mark.parametrize("flow", [managing.deactivate_accounts, managing.delete_accounts])
    def test_last_active_owner_stays(self, flow: Flow) -> None:
        actor, last = an_account("owner", active=False), an_account("owner")
        with pytest.raises(Refusal, match="must be at least one active owner"):
            flow(actor, [last, an_account()])
        assert last.active
        assert db.session.scalar(select(func.count(User.id))) == 3

    def test_last_active_owner_is_not_demoted(self) -> None:
        actor, last = an_account("owner", active=False), an_account("owner")
        with pytest.raises(Refusal, match="must be at least one active owner"):
            managing.change_account(actor, last, name="", role=Role.ADMIN)
        assert last.role == Role.OWNER

    def test_deactivated_owner_can_be_deleted(self) -> None:
        owner, former = an_account("owner"), an_account("owner", active=False)
        assert managing.delete_accounts(owner, [former]) == 1
