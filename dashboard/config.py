"""Settings: one typed, frozen object, read once from the environment.

Nothing else in the package looks at ``os.environ``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from dashboard.bounds import outside
from dashboard.database.url import absolute, database_url_fault, path_fault, sqlite_path, sqlite_url
from dashboard.log_lines import escaped
from dashboard.secret_key import secret_key_fault, stored_secret_key

Environment = Literal["development", "production"]
Registration = Literal["open", "invite", "closed"]

PREFIX = "DASHBOARD_"
HTTPS_PORT = 443
GRANTABLE_BY_REGISTRATION = ("viewer", "editor", "admin")  # owner is never given away
VALUE_LENGTH = 4096  # of each variable
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
HOST_NAME = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.I)
MODULE_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.A)
MOST_TRASH_DAYS = 3650
SQLITE_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html
PASSWORD_LENGTH_BOUNDS = (8, 128)  # OWASP ASVS 5.0, V6.2.1 and V6.2.9


class SettingsError(ValueError):
    """The environment holds invalid settings; ``lines`` has one plain sentence for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything about one installation that can be set from outside."""

    env: Environment = "development"
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(repr=False)
    instance: Path
    registration: Registration = "open"
    default_role: str = "viewer"
    password_min_length: int = 8
    base_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    trash_days: int = 30
    plugins: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """The variables of other names, among which are those of plug-ins."""
    exposed: bool = False
    """Whether the server listens beyond loopback, where the first registration needs the set-up link."""

    @property
    def is_production(self) -> bool:
        """Whether the production rules apply: Secure cookies, HSTS, checked hosts."""
        return self.env == "production"

    @property
    def needs_setup_link(self) -> bool:
        """Whether the first account can be registered only through the one-time set-up link."""
        return self.is_production or self.exposed

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


class _Reader:
    """Reads variables one by one and collects every complaint, so that one start shows them all."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.values = {k[len(PREFIX) :]: v.strip() for k, v in environ.items() if k.startswith(PREFIX)}
        self.environment = {k: v for k, v in environ.items() if not k.startswith(PREFIX)}
        self.complaints: list[str] = []
        self.script_name = environ.get("SCRIPT_NAME", "").strip("/")
        self.refuse_excess()
        self.refuse_empty()
        self.env = cast(Environment, self.one_of("ENV", "development", ("development", "production")))
        self.production = self.env == "production"

    def refuse_excess(self) -> None:
        """Raise SettingsError if a value is too long to be read."""
        for name, value in sorted(self.values.items()):
            if len(value) > VALUE_LENGTH:
                self.complain(name, f"is longer than {VALUE_LENGTH:,} characters.")
        if self.complaints:
            raise SettingsError(self.complaints)

    def settings(self) -> Settings:
        instance = self.instance()
        registration = self.one_of(
            "REGISTRATION", "invite" if self.production else "open", ("open", "invite", "closed")
        )
        default_role = self.one_of("DEFAULT_ROLE", "viewer", GRANTABLE_BY_REGISTRATION)
        minimum = self.whole_number(
            "PASSWORD_MIN_LENGTH", 15 if self.production else 8, *PASSWORD_LENGTH_BOUNDS
        )
        trash_days = self.whole_number("TRASH_DAYS", 30, 0, MOST_TRASH_DAYS)
        proxies = self.whole_number("TRUSTED_PROXIES", 0, 0, 10)
        base_url = self.checked("BASE_URL", self.base_url_fault)
        hosts = self.names("ALLOWED_HOSTS", HOST_NAME, "host names")
        plugins = self.names("PLUGINS", MODULE_NAME, "modules")
        database_url = self.database_url(instance / "dashboard.sqlite3")
        fallbacks = self.fallbacks()
        self.refuse_prefix()
        self.refuse_unknown()
        secret_key = self.secret_key(instance)
        if self.complaints:
            raise SettingsError(self.complaints)
        return Settings(
            env=self.env,
            secret_key=secret_key,
            secret_key_fallbacks=fallbacks,
            database_url=absolute(database_url),
            instance=instance,
            registration=cast(Registration, registration),
            default_role=default_role,
            password_min_length=minimum,
            base_url=base_url.rstrip("/") if base_url else None,
            allowed_hosts=hosts,
            trusted_proxies=proxies,
            trash_days=trash_days,
            plugins=plugins,
            environment=self.environment,
        )

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

    def complain(self, name: str, why: str) -> None:
        self.complaints.append(f"{PREFIX}{name} {why}")

    def one_of(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.values.get(name) or default
        if value not in choices:
            self.complain(name, f"must be one of {', '.join(choices)}; it is {value!r}.")
            return default
        return value

    def whole_number(self, name: str, default: int, lowest: int, highest: int) -> int:
        text = self.values.get(name)
        if not text:
            return default
        if fault := outside(text, lowest, highest):
            self.complain(name, f"{fault}; it is {text!r}.")
            return default
        return int(text)

    def names(self, name: str, pattern: re.Pattern[str], of: str) -> tuple[str, ...]:
        found = tuple(part.strip() for part in self.values.get(name, "").split(",") if part.strip())
        for wrong in (part for part in found if not pattern.fullmatch(part)):
            self.complain(name, f"must list {of} separated by commas; {wrong!r} is not one.")
        return found

    def checked(self, name: str, fault: Callable[[str], str | None]) -> str | None:
        value = self.values.get(name, "")
        complaint = fault(value)
        if complaint:
            self.complain(name, complaint)
        return value or None

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
        schemes = ("https",) if self.production else ("http", "https")
        if parts.scheme not in schemes or not named or parts.path.strip("/") or parts.query or parts.fragment:
            example = f"{schemes[-1]}://console.example.org"
            return f"must be an address like {example}, without a path; it is {value!r}."
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
    "PASSWORD_MIN_LENGTH", "BASE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "TRASH_DAYS",
    "PLUGINS",
}  # fmt: skip
NEVER_EMPTY = {"ENV", "DATABASE_URL", "INSTANCE", "SECRET_KEY"}
"""Settings that must not be empty: a script that passes an unset variable would start another console."""
UNKNOWN = {
    "MAIL_URL": "has no effect yet: this version sends no mail. Remove it.",
    "REDIS_URL": "has no effect yet: this version runs on one node. Remove it.",
}


def default_instance() -> Path:
    """The instance folder: beside the project in a checkout, the user's data folder for a wheel."""
    project = Path(__file__).resolve().parent.parent
    if (project / "pyproject.toml").is_file():
        return project / "instance"
    return Path.home() / ".local" / "share" / "staff-dashboard"


def misplaced_database(file: Path) -> Path | None:
    """The path that an earlier version, misreading ``%`` and ``?``, used instead of `file`; or None."""
    earlier = sqlite_path(f"sqlite:///{file}")
    if earlier is None or earlier == file or is_database(file):
        return None
    return earlier if is_database(earlier) else None


def is_database(file: Path) -> bool:
    """Whether a SQLite database lies at `file`."""
    with suppress(OSError), file.open("rb") as found:
        return found.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    return False
