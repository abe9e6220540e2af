"""One deed for each event of the security log, done as users do it."""

from collections.abc import Callable, Mapping
from functools import partial

from click.testing import CliRunner
from sqlalchemy import update

from dashboard.accounts.authenticator.flows import propose_seed
from dashboard.accounts.link_addresses import PATHS
from dashboard.accounts.models import UserSession
from dashboard.accounts.one_time_links import Purpose, issue
from dashboard.accounts.register.setup_link import setup_token
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.throttling.limits import PER_PAIR
from dashboard.cli import main
from dashboard.extensions import db
from dashboard.testing.accounts import (
    PASSWORD,
    a_reset,
    a_session,
    an_account,
    an_invitation,
    the_account,
)
from dashboard.testing.passkeys import a_passkey, options_on
from dashboard.testing.second_factors import an_authenticator, code_of, recovery_codes
from unit.history.erasing import EMAIL, a_person_who_left
from unit.racing import LONG_AGO
from unit.security.forms import version_in
from unit.security_log.of_single_sign_on import connect_identity, disconnect_identity
from unit.security_log.scene import KIM, NEW, USERS, Deed, Scene


def log_in(scene: Scene) -> Deed:
    scene.key()
    return scene.send("/login", email="viewer@example.test", password=PASSWORD)


def fail_to_log_in(scene: Scene) -> Deed:
    scene.key()
    return scene.send("/login", email="viewer@example.test", password="wrong")


def reach_the_limit(scene: Scene) -> Deed:
    def guess() -> None:
        for _ in range(PER_PAIR + 5):
            fail_to_log_in(scene)()

    return guess


def change_role(scene: Scene) -> Deed:
    owner, address = scene.client_as("owner"), f"{USERS}edit/?id={scene.key()}"
    version = version_in(owner, address) or ""
    fields = {"name": "", "role": "editor", "dashboard-version": version}
    return partial(scene.submit, owner, address, **fields)


def change_email(scene: Scene) -> Deed:
    viewer = scene.client_as("viewer")
    new_link = partial(issue, purpose=Purpose.EMAIL, by=None, address=KIM)
    token = scene.in_database(lambda: new_link(the_account("viewer")))
    return partial(scene.submit, viewer, f"{PATHS[Purpose.EMAIL]}?token={token}")


def reactivate(scene: Scene) -> Deed:
    scene.in_database(lambda: an_account(email="viewer@example.test", active=False))
    return scene.manage("reactivate")


def accept(scene: Scene) -> Deed:
    token = scene.in_database(lambda: an_invitation(KIM)[1])
    return scene.send(f"{PATHS[Purpose.INVITATION]}?token={token}", name="Kim", **NEW)


def reset(scene: Scene) -> Deed:
    token = scene.in_database(lambda: a_reset(the_account("viewer")))
    return scene.send(f"{PATHS[Purpose.RESET]}?token={token}", **NEW)


def export(scene: Scene) -> Deed:
    client = scene.client_as("owner")
    return lambda: client.get(f"{USERS}export/csv/")


def erase(scene: Scene) -> Deed:
    owner, key = scene.client_as("owner"), scene.in_database(a_person_who_left)
    return partial(scene.submit, owner, f"{USERS}erase/?id={key}", typed=EMAIL)


def register(scene: Scene) -> Deed:
    scene.key("owner")
    return scene.send("/register", email=KIM, **NEW)


def register_by_link(scene: Scene) -> Deed:
    app = scene.make_app(exposed=True)
    with app.app_context():
        address = f"/register?setup={setup_token(app)}"
    return partial(scene.submit, app.test_client(), address, email=KIM, **NEW)


def open_the_users(scene: Scene) -> Deed:
    client = scene.client_as("viewer")
    return lambda: client.get(USERS)


def forge(scene: Scene) -> Deed:
    client = scene.client_as("viewer")
    return lambda: client.post("/profile/sessions/end-others")


def create(scene: Scene) -> Deed:
    settings = scene.app.extensions["settings"]
    variables = {
        "DASHBOARD_DATABASE_URL": settings.database_url,
        "DASHBOARD_INSTANCE": str(settings.instance),
    }
    command = ("users", "create", KIM, "--role", "viewer", "--password-stdin")
    return lambda: CliRunner().invoke(main, command, input=PASSWORD, env=variables)


def end_others(scene: Scene) -> Deed:
    scene.in_database(lambda: a_session(the_account("viewer")))
    return scene.send("/profile/sessions/end-others", "viewer")


def with_factor(scene: Scene) -> tuple[str, list[str]]:
    """Give the viewer an authenticator app and recovery codes; returns its seed and the codes."""

    def make() -> tuple[str, list[str]]:
        viewer = the_account("viewer")
        return an_authenticator(viewer), recovery_codes(viewer)

    seed, codes = scene.in_database(make)
    return seed, codes


def set_up(scene: Scene) -> Deed:
    seed, sealed = scene.in_database(lambda: propose_seed(the_account("viewer")))
    code = code_of(seed)
    return scene.send("/profile/authenticator", "viewer", sealed_seed=sealed, one_time_code=code)


def own_factor(scene: Scene, address: str) -> Deed:
    with_factor(scene)
    return scene.send(address, "viewer")


def confirm(scene: Scene, way: str, **fields: str) -> Deed:
    """A proof that is asked for because the last one is a while ago."""
    client = scene.client_as("viewer")
    with_factor(scene)
    scene.in_database(lambda: db.session.execute(update(UserSession).values(proved_at=LONG_AGO)))
    return partial(scene.submit, client, f"/login/confirm?way={way}", **fields)


def use_recovery_code(scene: Scene) -> Deed:
    client = scene.client_as("viewer")
    _, codes = with_factor(scene)
    scene.in_database(lambda: db.session.execute(update(UserSession).values(proved_at=LONG_AGO)))
    return partial(scene.submit, client, "/login/confirm?way=recovery-code", recovery_code=codes[0])


def use_copied_passkey(scene: Scene) -> Deed:
    client, device = (
        scene.app.test_client(),
        scene.in_database(lambda: a_passkey(the_account("viewer"), count=7)),
    )
    sent = device.use(options_on(client.get("/login").text), count=3)
    return partial(scene.submit, client, "/login/passkey", passkey=sent)


def rename_passkey(scene: Scene) -> Deed:
    scene.in_database(lambda: a_passkey(the_account("viewer")))
    return scene.send("/profile/passkeys/1/rename", "viewer", name="Phone")


def confirm_by_wrong_passkey(scene: Scene) -> Deed:
    client = scene.client_as("viewer")
    scene.in_database(lambda: a_passkey(the_account("viewer")))
    scene.in_database(lambda: db.session.execute(update(UserSession).values(proved_at=LONG_AGO)))
    return partial(scene.submit, client, "/login/confirm?way=passkey", passkey="x")


def begin_to_log_in(scene: Scene) -> Deed:
    with_factor(scene)
    return log_in(scene)


def reset_factors(scene: Scene) -> Deed:
    with_factor(scene)
    return scene.manage("reset-factors")


DEEDS: Mapping[Event, Callable[[Scene], Deed]] = {
    Event.ACCESS_REFUSED: open_the_users,
    Event.ACCOUNT_CREATED: create,
    Event.ACCOUNT_DEACTIVATED: lambda scene: scene.manage("deactivate"),
    Event.ACCOUNT_DELETED: lambda scene: scene.manage("delete"),
    Event.ACCOUNT_REACTIVATED: reactivate,
    Event.EMAIL_CHANGED: change_email,
    Event.FACTOR_ADDED: set_up,
    Event.FACTOR_ASKED: begin_to_log_in,
    Event.FACTOR_REMOVED: lambda scene: own_factor(scene, "/profile/authenticator/remove"),
    Event.FACTORS_RESET: reset_factors,
    Event.FIRST_OWNER: lambda scene: scene.send("/register", email=KIM, **NEW),
    Event.FORGERY_REFUSED: forge,
    Event.IDENTITY_CONNECTED: connect_identity,
    Event.IDENTITY_DISCONNECTED: disconnect_identity,
    Event.INVITATION_ACCEPTED: accept,
    Event.LINK_CREATED: lambda scene: scene.manage("new-link"),
    Event.LOGGED_IN: log_in,
    Event.LOGGED_OUT: lambda scene: scene.send("/logout", "viewer"),
    Event.LOGIN_FAILED: fail_to_log_in,
    Event.LOGIN_THROTTLED: reach_the_limit,
    Event.PASSKEY_REFUSED: use_copied_passkey,
    Event.PASSKEY_RENAMED: rename_passkey,
    Event.PASSWORD_CHANGED: lambda s: s.send("/profile/password", "viewer", current=PASSWORD, **NEW),
    Event.PASSWORD_CHOSEN: reset,
    Event.PEOPLE_EXPORTED: export,
    Event.PERSON_ERASED: erase,
    Event.RECOVERY_CODE_USED: use_recovery_code,
    Event.RECOVERY_CODES_MADE: lambda scene: own_factor(scene, "/profile/recovery-codes"),
    Event.REGISTERED: register,
    Event.ROLE_CHANGED: change_role,
    Event.SESSIONS_ENDED: end_others,
    Event.SETUP_LINK_USED: register_by_link,
    Event.WRONG_CODE: lambda scene: confirm(scene, "authenticator", one_time_code="x"),
    Event.WRONG_PASSKEY: confirm_by_wrong_passkey,
    Event.WRONG_PASSWORD: lambda s: s.send("/profile/password", "viewer", current="wrong", **NEW),
}
FURTHER: Mapping[str, tuple[Event, Callable[[Scene], Deed]]] = {
    "invite": (
        Event.LINK_CREATED,
        lambda scene: scene.send(f"{USERS}new/", "owner", email=KIM, role="viewer", name=""),
    ),
    "log out everywhere": (Event.SESSIONS_ENDED, lambda scene: scene.manage("sign-out")),
}
