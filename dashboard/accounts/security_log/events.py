"""The events of the security log."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """The kinds of events. A value is stored, and so never changes."""

    ACCESS_REFUSED = "access-refused"
    ACCOUNT_CREATED = "account-created"
    ACCOUNT_DEACTIVATED = "account-deactivated"
    ACCOUNT_DELETED = "account-deleted"
    ACCOUNT_REACTIVATED = "account-reactivated"
    EMAIL_CHANGED = "email-changed"
    FACTOR_ADDED = "factor-added"
    FACTOR_ASKED = "factor-asked"
    FACTOR_REMOVED = "factor-removed"
    FACTORS_RESET = "factors-reset"
    FIRST_OWNER = "first-owner"
    FORGERY_REFUSED = "forgery-refused"
    IDENTITY_CONNECTED = "identity-connected"
    IDENTITY_DISCONNECTED = "identity-disconnected"
    INVITATION_ACCEPTED = "invitation-accepted"
    LINK_CREATED = "link-created"
    LOGGED_IN = "logged-in"
    LOGGED_OUT = "logged-out"
    LOGIN_FAILED = "login-failed"
    LOGIN_THROTTLED = "login-throttled"
    PASSKEY_REFUSED = "passkey-refused"
    PASSKEY_RENAMED = "passkey-renamed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of an event
    PASSWORD_CHOSEN = "password-chosen"  # noqa: S105
    PEOPLE_EXPORTED = "people-exported"
    PERSON_ERASED = "person-erased"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    REGISTERED = "registered"
    ROLE_CHANGED = "role-changed"
    SESSIONS_ENDED = "sessions-ended"
    SETUP_LINK_USED = "setup-link-used"
    WRONG_CODE = "wrong-code"
    WRONG_PASSKEY = "wrong-passkey"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105

    @property
    def label(self) -> str:
        """The words for the event on a page."""
        return LABELS[self]

    @property
    def is_refused(self) -> bool:
        """Whether something was refused: such events are counted together."""
        return self in REFUSED


LABELS = {
    Event.ACCESS_REFUSED: "Access refused",
    Event.ACCOUNT_CREATED: "Account created",
    Event.ACCOUNT_DEACTIVATED: "Account deactivated",
    Event.ACCOUNT_DELETED: "Account deleted",
    Event.ACCOUNT_REACTIVATED: "Account reactivated",
    Event.EMAIL_CHANGED: "Email changed",
    Event.FACTOR_ADDED: "Second factor added",
    Event.FACTOR_ASKED: "Second factor asked for",
    Event.FACTOR_REMOVED: "Second factor removed",
    Event.FACTORS_RESET: "Second factors reset",
    Event.FIRST_OWNER: "First owner registered",
    Event.FORGERY_REFUSED: "Invalid or foreign form refused",
    Event.IDENTITY_CONNECTED: "Single sign-on connected",
    Event.IDENTITY_DISCONNECTED: "Single sign-on disconnected",
    Event.INVITATION_ACCEPTED: "Invitation accepted",
    Event.LINK_CREATED: "Link created",
    Event.LOGGED_IN: "Logged in",
    Event.LOGGED_OUT: "Logged out",
    Event.LOGIN_FAILED: "Login failed",
    Event.LOGIN_THROTTLED: "Login limit reached",
    Event.PASSKEY_REFUSED: "Passkey refused as a possible copy",
    Event.PASSKEY_RENAMED: "Passkey renamed",
    Event.PASSWORD_CHANGED: "Password changed",
    Event.PASSWORD_CHOSEN: "Password chosen by link",
    Event.PEOPLE_EXPORTED: "Users exported",
    Event.PERSON_ERASED: "History of a user erased",
    Event.RECOVERY_CODES_MADE: "Recovery codes created",
    Event.RECOVERY_CODE_USED: "Recovery code used",
    Event.REGISTERED: "Registered",
    Event.ROLE_CHANGED: "Role changed",
    Event.SESSIONS_ENDED: "Sessions ended",
    Event.SETUP_LINK_USED: "First owner registered by the set-up link",
    Event.WRONG_CODE: "Wrong code",
    Event.WRONG_PASSKEY: "Wrong passkey",
    Event.WRONG_PASSWORD: "Wrong current password",
}
REFUSED = frozenset(
    {
        Event.ACCESS_REFUSED,
        Event.FORGERY_REFUSED,
        Event.LOGIN_FAILED,
        Event.LOGIN_THROTTLED,
        Event.PASSKEY_REFUSED,
        Event.WRONG_CODE,
        Event.WRONG_PASSKEY,
        Event.WRONG_PASSWORD,
    }
)
