"""Settings: one typed, frozen object, read once from the environment.

Nothing else in the package looks at ``os.environ``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from dashboard.database.misplaced import misplaced_database
from dashboard.database.url import absolute, database_url_fault, path_fault, sqlite_url
from dashboard.file_settings import NAMES as FILES
from dashboard.file_settings import FileSettings, read_file_settings
from dashboard.hosts import service_fault
from dashboard.identity_provider import NAMES as OIDC
from dashboard.identity_provider import IdentityProvider, read_identity_provider
from dashboard.import_limits import NAMES as IMPORT
from dashboard.import_limits import read_import_limits
from dashboard.log_lines import escaped
from dashboard.mail_server import MailServer, is_address, mail_url_fault, sender_fault, user_of
from dashboard.secret_key import encryption_keys_fault, secret_key_fault, split_keys, stored_secret_key
from dashboard.sheets.limits import Limits
from dashboard.variables import PREFIX, Variables

Environment = Literal["development", "production"]
Registration = Literal["open", "invite", "closed"]

HTTPS_PORT = 443
NO_ROLE = "none"
ROLES = ("viewer", "editor", "admin", "owner")
GRANTABLE_BY_REGISTRATION = ("viewer", "editor", "admin")  # owner is never given away
LOCAL_ADDRESS = "http://127.0.0.1:8000"
"""The address of a server that listens where `dashboard serve` does unless it is told another place."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
HOST_NAME = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.I)
MODULE_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.A)
KIND_NAME = re.compile(r"[a-z_][a-z0-9_-]*", re.A)
MOST_DAYS = 3650
PASSWORD_LENGTH_BOUNDS = (8, 128)  # OWASP ASVS 5.0, V6.2.1 and V6.2.9


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything about one installation that can be set from outside."""

    env: Environment = "development"
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(repr=False)
    instance: Path
    registration: Registration = "open"
    default_role: str = "viewer"
    password_min_length: int = 8
    password_min_length_with_factor: int = 8
    second_factor: str = NO_ROLE
    """The least role whose users need a second factor, or `NO_ROLE`."""
    base_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    trash_days: int = 30
    security_log_days: int = 90
    import_limits: Limits = field(default_factory=Limits)
    files: FileSettings = field(default_factory=FileSettings)
    job_file_days: int = 7
    breach_check: str | None = None
    plugins: tuple[str, ...] = ()
    reason_required: tuple[str, ...] = ()
    """The kinds of records whose changes need a reason, as their addresses call them."""
    mail: MailServer | None = None
    identity_provider: IdentityProvider | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """The variables of other names, among which are those of plug-ins."""
    exposed: bool = False
    """Whether the server listens beyond loopback, where the first registration needs the set-up link."""
    listens_at: str = LOCAL_ADDRESS
    """The address of the console if ``base_url`` does not say it, as in development."""

    @property
    def is_production(self) -> bool:
        """Whether the production rules apply: Secure cookies, HSTS, checked hosts."""
        return self.env == "production"

    @property
    def needs_setup_link(self) -> bool:
        """Whether the first account can be registered only through the one-time set-up link."""
        return self.is_production or self.exposed

    @property
    def address(self) -> str:
        """The address of the console for links in mail; no request decides it (security line 43)."""
        return self.base_url or self.listens_at

    @property
    def hosts(self) -> list[str]:
        """The names that the Host header may have; a leading dot stands for every subdomain."""
        named = [urlsplit(self.base_url).hostname or ""] if self.base_url else []
        loopback = [] if self.is_production else list(LOOPBACK_HOSTS)
        return [*named, *self.allowed_hosts, *loopback]

    @property
    def https_ports(self) -> set[int]:
        """The ports of the console in production: that of its own address, and the usual one."""
        return {HTTPS_PORT, (urlsplit(self.base_url).port if self.base_url else None) or HTTPS_PORT}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check the ``DASHBOARD_*`` variables of `environ`.

        Raises `SettingsError`, which names every unknown or invalid variable. In development the secret key
        is made once and stored in the instance folder, readable by its owner only.
        """
        return _Reader(environ).settings()


class _Reader(Variables):
    """Reads the settings one by one."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self.environment = {k: v for k, v in environ.items() if not k.startswith(PREFIX)}
        self.script_name = environ.get("SCRIPT_NAME", "").strip("/")
        self.refuse_empty()
        self.env = cast(Environment, self.one_of("ENV", "development", ("development", "production")))
        self.production = self.env == "production"

    def settings(self) -> Settings:
        instance = self.instance()
        registration = self.one_of(
            "REGISTRATION", "invite" if self.production else "open", ("open", "invite", "closed")
        )
        default_role = self.one_of("DEFAULT_ROLE", "viewer", GRANTABLE_BY_REGISTRATION)
        minimum = self.whole_number(
            "PASSWORD_MIN_LENGTH", 15 if self.production else 8, *PASSWORD_LENGTH_BOUNDS
        )
        second_factor = self.one_of(
            "SECOND_FACTOR", "admin" if self.production else NO_ROLE, (NO_ROLE, *ROLES)
        )
        import_limits = read_import_limits(self)
        files = read_file_settings(self)
        log_days = self.whole_number("SECURITY_LOG_DAYS", 90, 1, MOST_DAYS)
        job_file_days = self.whole_number("JOB_FILE_DAYS", 7, 1, MOST_DAYS)
        breach_check = self.checked("BREACH_CHECK", service_fault)
        trash_days = self.whole_number("TRASH_DAYS", 30, 0, MOST_DAYS)
        proxies = self.whole_number("TRUSTED_PROXIES", 0, 0, 10)
        base_url = self.checked("BASE_URL", self.base_url_fault)
        hosts = self.names("ALLOWED_HOSTS", HOST_NAME, "host names")
        plugins = self.names("PLUGINS", MODULE_NAME, "modules")
        reasons = self.names("REASON_REQUIRED", KIND_NAME, "kinds of records")
        mail = self.mail()
        provider = read_identity_provider(self, is_production=self.production)
        database_url = self.database_url(instance / "dashboard.sqlite3")
        fallbacks = self.fallbacks()
        encryption_keys = split_keys(self.checked("ENCRYPTION_KEY", encryption_keys_fault))
        self.refuse_prefix()
        self.refuse_unknown()
        secret_key = self.secret_key(instance)
        self.raise_complaints()
        return Settings(
            env=self.env,
            secret_key=secret_key,
            secret_key_fallbacks=fallbacks,
            encryption_keys=encryption_keys,
            database_url=absolute(database_url),
            instance=instance,
            registration=cast(Registration, registration),
            default_role=default_role,
            password_min_length=minimum,
            password_min_length_with_factor=minimum if self.values.get("PASSWORD_MIN_LENGTH") else 8,
            second_factor=second_factor,
            base_url=base_url.rstrip("/") if base_url else None,
            allowed_hosts=hosts,
            trusted_proxies=proxies,
            trash_days=trash_days,
            security_log_days=log_days,
            import_limits=import_limits,
            files=files,
            job_file_days=job_file_days,
            breach_check=breach_check,
            plugins=plugins,
            reason_required=reasons,
            mail=mail,
            identity_provider=provider,
            environment=self.environment,
        )

    def mail(self) -> MailServer | None:
        url, sender = self.values.get("MAIL_URL", ""), self.values.get("MAIL_FROM", "")
        faults = {"MAIL_URL": mail_url_fault(url), "MAIL_FROM": sender_fault(sender) if sender else None}
        if url and not faults["MAIL_URL"] and not (sender or is_address(user_of(url))):
            faults["MAIL_FROM"] = "is required with DASHBOARD_MAIL_URL, for example console@example.org."
        for name, fault in faults.items():
            if fault:
                self.complain(name, fault)
        return MailServer.read(url, sender) if url and not any(faults.values()) else None

    def instance(self) -> Path:
        try:
            return Path(self.values.get("INSTANCE") or default_instance()).expanduser().absolute()
        except RuntimeError:
            self.complain("INSTANCE", "must name a folder: this user, or the one that it names, has no home.")
            return Path("/")

    def database_url(self, file: Path) -> str:
        if given := self.checked("DATABASE_URL", database_url_fault):
            return given
        if fault := path_fault(file):
            self.complain("INSTANCE", fault)
        if earlier := misplaced_database(file):
            self.complain(
                "INSTANCE",
                f"has its database, made by an earlier version, at {escaped(str(earlier))}. Stop the console "
                f"and move that file, and those beside it with -wal and -shm, to {escaped(str(file))}.",
            )
        return sqlite_url(file)

    def fallbacks(self) -> tuple[str, ...]:
        keys = tuple(k.strip() for k in self.values.get("SECRET_KEY_FALLBACKS", "").split(",") if k.strip())
        faults = [fault for key in keys if self.production and (fault := secret_key_fault(key))]
        if faults:  # an old key that can be guessed signs cookies as well as the present one
            self.complain("SECRET_KEY_FALLBACKS", f"holds a key that {faults[0]}")
        return keys

    def base_url_fault(self, value: str) -> str | None:
        if not value:
            return (
                "is required in production, for example https://console.example.org."
                if self.production
                else None
            )
        try:
            parts = urlsplit(value)
            named = HOST_NAME.fullmatch(parts.netloc.removesuffix(f":{parts.port}"))
        except ValueError:
            return f"is not an address: {value!r}."
        schemes = ("http", "https")
        if parts.scheme not in schemes or not named or parts.path.strip("/") or parts.query or parts.fragment:
            return f"must be an address like https://console.example.org, without a path; it is {value!r}."
        if self.production and parts.scheme != "https":
            return f"must begin with https:// in production; it is {value!r}."
        return None

    def refuse_empty(self) -> None:
        for name in sorted(name for name in NEVER_EMPTY if self.values.get(name) == ""):
            if name != "SECRET_KEY" or self.values.get("ENV") != "production":  # which asks for it by itself
                self.complain(name, "is empty. Give it a value, or remove it to have the default.")

    def refuse_prefix(self) -> None:
        if self.script_name:  # by which servers say that the console is mounted below a path
            self.complaints.append(
                "SCRIPT_NAME is set, but the console does not work below a path. Remove it, and give the "
                "console a host name or a port of its own."
            )

    def refuse_unknown(self) -> None:
        for name in sorted(self.values.keys() - KNOWN):
            self.complain(name, UNKNOWN.get(name, "is not a setting; see docs/operating.md for the list."))

    def secret_key(self, instance: Path) -> str:
        key = self.values.get("SECRET_KEY", "")
        if key or self.production:
            if fault := secret_key_fault(key):
                self.complain("SECRET_KEY", fault)
            return key
        if self.complaints:  # nothing is written for a start that is refused anyway
            return ""
        try:
            return stored_secret_key(instance)
        except OSError as error:
            self.complain("INSTANCE", f"cannot be used: {error.strerror} ({escaped(str(instance))}).")
        except ValueError as error:
            self.complain("INSTANCE", f"cannot be used: {escaped(str(error))}")
        return ""


KNOWN = {
    "ENV", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "INSTANCE", "REGISTRATION", "DEFAULT_ROLE",
    "PASSWORD_MIN_LENGTH", "BASE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "TRASH_DAYS", "SECURITY_LOG_DAYS",
    "JOB_FILE_DAYS", "BREACH_CHECK", "PLUGINS", "MAIL_URL", "MAIL_FROM", "ENCRYPTION_KEY", "SECOND_FACTOR",
    "REASON_REQUIRED", *IMPORT, *FILES, *OIDC,
}  # fmt: skip
NEVER_EMPTY = {"ENV", "DATABASE_URL", "INSTANCE", "SECRET_KEY", "ENCRYPTION_KEY"}
"""Settings that must not be empty: a script that passes an unset variable would start another console."""
UNKNOWN = {
    "REDIS_URL": "is not needed: all nodes count attempts in the database that they share. Remove it.",
}


def default_instance() -> Path:
    """The instance folder: beside the project in a checkout, the user's data folder for a wheel."""
    project = Path(__file__).resolve().parent.parent
    if (project / "pyproject.toml").is_file():
        return project / "instance"
    return Path.home() / ".local" / "share" / "staff-dashboard"
