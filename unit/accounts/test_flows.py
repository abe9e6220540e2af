"""What can be done to accounts, and by whom."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts import flows
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.passwords import verify_password
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_session, an_account

pytestmark = pytest.mark.usefixtures("context")
RANKS = list(Role)
Flow = Callable[[User, list[User]], int]


class TestAddresses:
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
    def test_that_are_none_are_refused_in_words(self, typed: str) -> None:
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
    def test_are_found_however_they_are_written(self, typed: str) -> None:
        for email in ("kim@example.test", "jos\u00e9@example.test", "lee@münchen.test"):
            an_account(email=email)
        found = flows.find_account(typed)
        assert found is not None
        assert found.email == flows.normalise_email(typed)

    @pytest.mark.parametrize(
        "typed", ["", "nobody@example.test", "kim", "\0", "kim@example.test\0", "x" * 5000]
    )
    def test_that_are_nobodys_are_not_found(self, typed: str) -> None:
        an_account(email="kim@example.test")
        assert flows.find_account(typed) is None


class TestMakingAnAccount:
    def test_it_has_what_it_was_given(self) -> None:
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
    def test_an_address_is_given_once(self, again: str) -> None:
        flows.create_account("kim@example.test", PASSWORD, role=Role.VIEWER)
        with pytest.raises(Refusal, match="exists already"):
            flows.create_account(again, PASSWORD, role=Role.VIEWER)

    def test_a_role_that_does_not_exist_is_a_fault(self) -> None:
        with pytest.raises(ValueError, match="root"):
            flows.create_account("kim@example.test", PASSWORD, role="root")

    @pytest.mark.parametrize(
        "name", ["x" * 101, "Kim\0", "Kim\nQuill", "\x1b[31m", "\u3164", "Kim\u202e", "boss@example.test"]
    )
    def test_a_name_that_no_name_is_is_refused(self, name: str) -> None:
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
    def test_any_other_name_is_taken(self, name: str) -> None:
        assert flows.create_account("kim@example.test", PASSWORD, role="viewer", name=name).name == name

    def test_registering_first_makes_the_owner(self) -> None:
        assert (
            flows.register_account("kim@example.test", PASSWORD, default_role=Role.VIEWER).role == Role.OWNER
        )

    def test_registering_later_makes_what_the_console_gives(self) -> None:
        an_account("owner")
        db.session.commit()
        assert (
            flows.register_account("kim@example.test", PASSWORD, default_role=Role.EDITOR).role == Role.EDITOR
        )

    def test_registering_too_late_is_refused_in_words(self) -> None:
        an_account("owner")
        db.session.commit()
        with pytest.raises(Refusal, match="Somebody else has just registered"):
            flows.register_account("kim@example.test", PASSWORD, default_role=None)


class TestAuthenticating:
    def test_the_right_password_finds_the_account(self) -> None:
        kim = an_account()
        db.session.commit()
        assert flows.authenticate(kim.email.upper(), PASSWORD) == kim

    @pytest.mark.parametrize("change", ["password", "active", "gone"])
    def test_an_account_that_changes_while_its_password_is_checked_is_not_let_in(
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
    def test_admins_and_owners_manage_others_up_to_themselves(self, actor: Role, subject: Role) -> None:
        expected = actor.rank >= Role.ADMIN.rank and subject.rank <= actor.rank
        assert flows.may_manage(an_account(actor), an_account(subject)) is expected

    @pytest.mark.parametrize("role", RANKS)
    def test_nobody_manages_themselves(self, role: Role) -> None:
        kim = an_account(role)
        assert not flows.may_manage(kim, kim)

    @pytest.mark.parametrize("role", RANKS)
    def test_roles_up_to_ones_own_can_be_given(self, role: Role) -> None:
        assert flows.grantable_roles(an_account(role)) == RANKS[: role.rank + 1]


class TestChangingAnAccount:
    def test_sets_name_and_role(self) -> None:
        kim = an_account()
        flows.change_account(an_account("admin"), kim, name="Kim", role=Role.EDITOR)
        assert (kim.name, kim.role) == ("Kim", Role.EDITOR)

    def test_refuses_a_name_that_reads_like_the_address_of_another(self) -> None:
        kim = an_account(name="Kim", email="kim@example.test")
        with pytest.raises(Refusal, match="other than the account's own"):
            flows.change_account(an_account("admin"), kim, name="boss@example.test", role=Role.VIEWER)
        assert kim.name == "Kim"

    def test_changes_the_role_of_a_person_whose_old_name_is_no_name_now(self) -> None:
        kim = an_account(name="boss@example.test", email="kim@example.test")
        flows.change_account(an_account("admin"), kim, name="boss@example.test", role=Role.EDITOR)
        assert (kim.name, kim.role) == ("boss@example.test", Role.EDITOR)

    def test_lets_somebody_change_their_own_name_but_not_role(self) -> None:
        kim = an_account("admin")
        flows.change_account(kim, kim, name="Kim", role=Role.ADMIN)
        assert kim.name == "Kim"
        with pytest.raises(Refusal, match="your own account"):
            flows.change_account(kim, kim, name="Kim", role=Role.VIEWER)

    def test_gives_no_role_above_ones_own(self) -> None:
        with pytest.raises(Refusal, match="above your own"):
            flows.change_account(an_account("admin"), an_account(), name="", role=Role.OWNER)

    def test_touches_nobody_above_oneself(self) -> None:
        with pytest.raises(Refusal, match="Only an owner can manage"):
            flows.change_account(an_account("admin"), an_account("owner"), name="", role=Role.OWNER)

    def test_of_the_password_ends_every_session_but_the_one_kept(self) -> None:
        kim = an_account()
        for _ in range(3):
            a_session(kim)
        db.session.commit()
        kept = db.session.scalars(select(UserSession.id)).first()
        flows.change_password(kim, NEW_PASSWORD, keep_session=kept)
        assert list(db.session.scalars(select(UserSession.id))) == [kept]
        assert verify_password(kim.password_hash, NEW_PASSWORD)


class TestShuttingOut:
    @pytest.mark.parametrize("flow", [flows.deactivate_accounts, flows.delete_accounts])
    def test_ends_the_sessions(self, flow: Flow) -> None:
        people = [an_account(), an_account("editor")]
        for person in people:
            a_session(person)
        assert flow(an_account("owner"), people) == 2
        assert db.session.scalar(select(func.count(UserSession.id))) == 0

    def test_deactivated_accounts_stay_and_can_come_back(self) -> None:
        owner, kim = an_account("owner"), an_account()
        flows.deactivate_accounts(owner, [kim])
        assert not kim.is_active
        assert flows.reactivate_accounts(owner, [kim]) == 1
        assert kim.is_active

    def test_deleted_accounts_are_gone(self) -> None:
        owner, kim = an_account("owner"), an_account()
        flows.delete_accounts(owner, [kim])
        assert list(db.session.scalars(select(User))) == [owner]

    def test_signing_out_everywhere_ends_every_session(self) -> None:
        kim = an_account()
        a_session(kim)
        a_session(kim)
        assert flows.log_out_everywhere(an_account("admin"), [kim]) == 2

    @pytest.mark.parametrize(
        "flow", [flows.deactivate_accounts, flows.reactivate_accounts, flows.delete_accounts]
    )
    def test_a_selection_with_somebody_above_changes_nobody(self, flow: Flow) -> None:
        kim, owner = an_account(), an_account("owner")
        with pytest.raises(Refusal, match=f"Only an owner can manage {owner.email}"):
            flow(an_account("admin"), [kim, owner])
        assert kim.active
        assert db.session.scalar(select(func.count(User.id))) == 3

    @pytest.mark.parametrize("flow", [flows.deactivate_accounts, flows.delete_accounts])
    def test_the_last_active_owner_stays(self, flow: Flow) -> None:
        actor, last = an_account("owner", active=False), an_account("owner")
        with pytest.raises(Refusal, match="must be at least one active owner"):
            flow(actor, [last, an_account()])
        assert last.active

    def test_nor_is_the_last_active_owner_demoted(self) -> None:
        actor, last = an_account("owner", active=False), an_account("owner")
        with pytest.raises(Refusal, match="must be at least one active owner"):
            flows.change_account(actor, last, name="", role=Role.ADMIN)
        assert last.role == Role.OWNER

    def test_an_owner_who_is_deactivated_already_may_be_deleted(self) -> None:
        owner, former = an_account("owner"), an_account("owner", active=False)
        assert flows.delete_accounts(owner, [former]) == 1
