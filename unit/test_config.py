"""Settings: every variable, and one plain line for each invalid one."""

from pathlib import Path

import pytest

from dashboard import config
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.file_settings import FileSettings
from dashboard.sheets.limits import Limits
from dashboard.variables import SettingsError
from unit.environment import GOOD_KEY, complaints, in_production, read


def test_an_empty_environment_gives_the_development_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.env == "development"
    assert settings.registration == "open"
    assert settings.default_role == "viewer"
    assert settings.password_min_length == 8
    assert settings.base_url is None
    assert settings.trusted_proxies == 0
    assert settings.database_url == f"sqlite:///{tmp_path / 'dashboard.sqlite3'}"
    assert not settings.needs_setup_link


def test_production_has_its_own_defaults(tmp_path: Path) -> None:
    settings = Settings.from_environment(in_production(tmp_path))
    assert settings.is_production
    assert settings.registration == "invite"
    assert settings.password_min_length == 15
    assert settings.hosts == ["console.example.org"]
    assert settings.needs_setup_link


@pytest.mark.parametrize(
    ("variable", "value", "name", "expected"),
    [
        ("REGISTRATION", "closed", "registration", "closed"),
        ("REGISTRATION", "invite", "registration", "invite"),
        ("DEFAULT_ROLE", "editor", "default_role", "editor"),
        ("DEFAULT_ROLE", "admin", "default_role", "admin"),
        ("PASSWORD_MIN_LENGTH", "12", "password_min_length", 12),
        ("PASSWORD_MIN_LENGTH", "8", "password_min_length", 8),
        ("PASSWORD_MIN_LENGTH", "128", "password_min_length", 128),
        ("BASE_URL", "http://console.example.org/", "base_url", "http://console.example.org"),
        ("BASE_URL", "http://localhost:8123", "base_url", "http://localhost:8123"),
        (
            "ALLOWED_HOSTS",
            "a.example.org, .b.example.org ,",
            "allowed_hosts",
            ("a.example.org", ".b.example.org"),
        ),
        ("ALLOWED_HOSTS", "[fe80::1]", "allowed_hosts", ("[fe80::1]",)),
        ("TRUSTED_PROXIES", "2", "trusted_proxies", 2),
        ("SECRET_KEY", GOOD_KEY, "secret_key", GOOD_KEY),
        ("DATABASE_URL", "sqlite:////srv/console.sqlite3", "database_url", "sqlite:////srv/console.sqlite3"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@h/d", "database_url", "postgresql+psycopg://u:p@h/d"),
        ("ENV", "development", "env", "development"),
        ("IMPORT_MAX_BYTES", "1000", "import_limits", Limits(bytes=1000)),
        ("IMPORT_MAX_BYTES", "10737418240", "import_limits", Limits(bytes=10 * 1024**3)),
        ("FILES_MAX_BYTES", "1000", "files", FileSettings(bytes=1000)),
        ("FILES_QUOTA_BYTES", "1125899906842624", "files", FileSettings(quota=1024**5)),
        ("FILES_URL", "file:///srv/files", "files", FileSettings(url="file:///srv/files")),
        ("FILES_URL", "s3://bucket", "files", FileSettings(url="s3://bucket")),
        ("IMPORT_MAX_ROWS", "1000", "import_limits", Limits(rows=1000)),
        ("IMPORT_MAX_COLUMNS", "16384", "import_limits", Limits(columns=16384)),
        ("IMPORT_MAX_CELL", "131072", "import_limits", Limits(cell_length=131072)),
        ("IMPORT_MAX_SECONDS", "60", "import_limits", Limits(seconds=60)),
    ],
)
def test_a_variable_sets_its_field(
    tmp_path: Path, variable: str, value: str, name: str, expected: object
) -> None:
    assert getattr(read(tmp_path, **{variable: value}), name) == expected


def test_old_secret_keys_are_read_as_a_list(tmp_path: Path) -> None:
    old = ("a" + GOOD_KEY, "b" + GOOD_KEY)
    assert read(tmp_path, SECRET_KEY_FALLBACKS=f"{old[0]} , {old[1]},").secret_key_fallbacks == old


def test_encryption_keys_are_read_in_their_order(tmp_path: Path) -> None:
    keys = ("a" + GOOD_KEY, "b" + GOOD_KEY)
    assert read(tmp_path, ENCRYPTION_KEY=f"{keys[0]} , {keys[1]}").encryption_keys == keys
    assert read(tmp_path).encryption_keys == ()


@pytest.mark.parametrize("value", ["", "   "])
def test_empty_variable_means_the_default(tmp_path: Path, value: str) -> None:
    names = sorted(config.KNOWN - config.NEVER_EMPTY)
    assert read(tmp_path, **dict.fromkeys(names, value)) == read(tmp_path)


@pytest.mark.parametrize("value", ["", "   "])
@pytest.mark.parametrize("name", ["DATABASE_URL", "ENV", "INSTANCE", "SECRET_KEY"])
def test_empty_variable_that_chooses_the_console_is_refused(tmp_path: Path, name: str, value: str) -> None:
    assert complaints(tmp_path, **{name: value}) == [
        f"DASHBOARD_{name} is empty. Give it a value, or remove it to have the default."
    ]
    assert list(tmp_path.iterdir()) == []


def test_spaces_around_a_value_are_ignored(tmp_path: Path) -> None:
    assert read(tmp_path, REGISTRATION=" closed ").registration == "closed"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ENV", "staging"),
        ("ENV", "Production"),
        ("REGISTRATION", "yes"),
        ("DEFAULT_ROLE", "owner"),
        ("DEFAULT_ROLE", "root"),
        ("IMPORT_MAX_BYTES", "10737418241"),
        ("FILES_MAX_BYTES", "0"),
        ("FILES_MAX_BYTES", "1073741825"),
        ("FILES_QUOTA_BYTES", "1125899906842625"),
        ("FILES_URL", "/srv/files"),
        ("FILES_URL", "s3://"),
        ("IMPORT_MAX_ROWS", "0"),
        ("IMPORT_MAX_COLUMNS", "16385"),
        ("IMPORT_MAX_CELL", "131073"),
        ("IMPORT_MAX_SECONDS", "1.5"),
        ("PASSWORD_MIN_LENGTH", "7"),
        ("PASSWORD_MIN_LENGTH", "129"),
        ("PASSWORD_MIN_LENGTH", "long"),
        ("PASSWORD_MIN_LENGTH", "-8"),
        ("PASSWORD_MIN_LENGTH", "1e1"),
        ("PASSWORD_MIN_LENGTH", "٣٣"),
        ("PASSWORD_MIN_LENGTH", "9" * 5000),
        ("PASSWORD_MIN_LENGTH", "0000000129"),
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "1.5"),
        ("TRUSTED_PROXIES", "true"),
        ("TRUSTED_PROXIES", "00000000000999"),
        ("BASE_URL", "console.example.org"),
        ("BASE_URL", "ftp://console.example.org"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://console.example.org/path"),
        ("BASE_URL", "https://console.example.org?query"),
        ("BASE_URL", "https://console.example.org#part"),
        ("BASE_URL", "https://somebody@console.example.org"),
        ("BASE_URL", "https://[console"),
        ("BASE_URL", "https://console.example.org:99999"),
        ("BASE_URL", "https://console.example.org:port"),
        ("BASE_URL", "https://console example.org"),
        ("ALLOWED_HOSTS", "https://console.example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "a.example.org,b example.org"),
        ("ALLOWED_HOSTS", "-"),
        ("DATABASE_URL", "mysql://u:p@h/d"),
        ("DATABASE_URL", "postgresql://u:p@h/d"),
        ("DATABASE_URL", "dashboard.sqlite3"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@h:port/d"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "change-me-5b0f2c9d7e1a48633d6f90ab12ce4577"),
    ],
)
def test_invalid_value_is_refused_in_one_line_naming_the_variable(
    tmp_path: Path, variable: str, value: str
) -> None:
    (line,) = complaints(tmp_path, **{variable: value})
    assert line.startswith(f"DASHBOARD_{variable} ")
    assert "\n" not in line
    assert len(line) < 6000


def test_base_url_without_https_is_refused_in_production_alone(tmp_path: Path) -> None:
    address = "http://console.example.org"
    assert complaints(tmp_path, ENV="production", SECRET_KEY=GOOD_KEY, BASE_URL=address) == [
        f"DASHBOARD_BASE_URL must begin with https:// in production; it is {address!r}."
    ]
    assert read(tmp_path, BASE_URL=address).base_url == address


def test_a_refused_database_address_does_not_show_its_password(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, DATABASE_URL="mysql://somebody:hunter2@host/name")
    assert "hunter2" not in line
    assert "mysql" in line


def test_an_unknown_variable_is_refused_by_name(tmp_path: Path) -> None:
    assert complaints(tmp_path, SECRET_KEYS="x") == [
        "DASHBOARD_SECRET_KEYS is not a setting; see docs/operating.md for the list."
    ]


def test_variable_without_effect_yet_is_refused_with_the_reason(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, REDIS_URL="x://y")
    assert line.startswith("DASHBOARD_REDIS_URL is not needed")


def test_script_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"DASHBOARD_INSTANCE": str(tmp_path), "SCRIPT_NAME": "/console"})
    (line,) = refused.value.lines
    assert line.startswith("SCRIPT_NAME is set, but the console does not work below a path.")
    assert Settings.from_environment({"DASHBOARD_INSTANCE": str(tmp_path), "SCRIPT_NAME": "/"})


def test_variables_of_other_programs_are_ignored(tmp_path: Path) -> None:
    others = {"PATH": "/bin", "DASHBOARDS": "1", "REGISTRATION": "closed", "dashboard_registration": "closed"}
    assert Settings.from_environment({"DASHBOARD_INSTANCE": str(tmp_path), **others}) == read(tmp_path)


def test_one_start_reports_every_invalid_setting(tmp_path: Path) -> None:
    lines = complaints(tmp_path, REGISTRATION="maybe", TRUSTED_PROXIES="many", COLOUR="blue")
    assert [line.split()[0] for line in lines] == [
        "DASHBOARD_REGISTRATION",
        "DASHBOARD_TRUSTED_PROXIES",
        "DASHBOARD_COLOUR",
    ]


def test_a_refused_start_writes_nothing(tmp_path: Path) -> None:
    complaints(tmp_path / "new", REGISTRATION="maybe")
    assert not (tmp_path / "new").exists()


@pytest.mark.security(81)
def test_the_settings_never_show_their_secrets(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, SECRET_KEY=GOOD_KEY, DATABASE_URL="postgresql+psycopg://u:hunter2@h/d"))
    assert GOOD_KEY not in shown
    assert "hunter2" not in shown


def test_development_answers_to_loopback_and_the_names_it_was_given(tmp_path: Path) -> None:
    settings = read(tmp_path, BASE_URL="http://a.example.org:8000", ALLOWED_HOSTS=".b.example.org")
    assert settings.hosts == ["a.example.org", ".b.example.org", "localhost", "127.0.0.1", "[::1]"]


def test_factory_without_settings_reads_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_REGISTRATION", "closed")
    assert create_app().extensions["settings"].registration == "closed"


def test_factory_refuses_an_invalid_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_REGISTRATION", "maybe")
    with pytest.raises(SettingsError, match="DASHBOARD_REGISTRATION"):
        create_app()


class TestInstanceFolder:
    def test_checkout_has_its_instance_beside_the_project(self) -> None:
        assert config.default_instance() == Path(config.__file__).parents[1] / "instance"

    def test_installed_package_has_its_instance_in_the_data_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(config, "__file__", str(tmp_path / "dashboard" / "config.py"))
        monkeypatch.setenv("HOME", str(tmp_path))
        assert config.default_instance() == tmp_path / ".local" / "share" / "staff-dashboard"

    def test_tilde_in_the_path_is_expanded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        assert read(Path("~/console")).instance == tmp_path / "console"
