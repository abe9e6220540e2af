"""Secret settings: what production refuses, and the key that development makes and stores."""

import os
import secrets
import stat
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.config import Settings
from dashboard.secret_key import make_key, secret_key_fault
from dashboard.variables import SettingsError
from unit.environment import GOOD_KEY, complaints, in_production, read
from unit.full_disk import no_file_grows

ENCODINGS = (
    bytes.hex,
    lambda data: urlsafe_b64encode(data).rstrip(b"=").decode(),
    lambda data: b64encode(data).decode(),
)


@pytest.mark.security(83)
class TestProductionRefusesWeakSettings:
    """A missing, weak or sample secret, base URL or host stops the start."""

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "short",
            "a" * 64,
            "abcabcabcabcabcabcabcabcabcabcabcabc",
            "0123456789" * 4,
            "0123456789abcdef" * 4,
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "9876543210zyxwvutsrqponmlkjihgfedcba",
            "x7KqP2mZ9w" * 4,
            "x7KqP2mZ9w" * 3 + "x7",
            "deadbeef" * 8,
            "qwertyuiopasdfghjklzxcvbnm1234567890",
            "1q2w3e4r5t6y7u8i9o0p" * 2,
            "iloveyouiloveyouiloveyouiloveyou123",
            "staffconsole2026staffconsole2026!!",
            "00112233445566778899aabbccddeeff",
            "0123456789" * 400,
            "secret-5b0f2c9d7e1a48633d6f90ab12ce457788aa31f4",
            "CHANGE_ME_5b0f2c9d7e1a48633d6f90ab12ce457788aa3",
            "your-key-5b0f2c9d7e1a48633d6f90ab12ce457788aa31",
            "example5b0f2c9d7e1a48633d6f90ab12ce457788aa31f4",
        ],
    )
    def test_missing_weak_or_sample_secret_key_stops_the_start(self, tmp_path: Path, key: str) -> None:
        with pytest.raises(SettingsError) as caught:
            Settings.from_environment(in_production(tmp_path, SECRET_KEY=key))
        (line,) = caught.value.lines
        assert line.startswith("DASHBOARD_SECRET_KEY ")
        assert "secrets.token_hex(32)" in line

    @given(st.binary(min_size=32, max_size=64), st.sampled_from(ENCODINGS))
    @settings(max_examples=60, deadline=None)
    def test_random_secret_key_is_accepted_in_any_encoding(
        self, data: bytes, written: Callable[[bytes], str]
    ) -> None:
        """As `secrets.token_hex`, `secrets.token_urlsafe` and `openssl rand` write theirs."""
        random = b"".join(sha256(data + bytes([part])).digest() for part in (1, 2))[: len(data)]
        assert secret_key_fault(written(random)) is None

    def test_shortest_random_secret_keys_are_accepted(self) -> None:
        for make in (partial(secrets.token_hex, 16), partial(secrets.token_urlsafe, 24)):
            assert [fault for _ in range(100) if (fault := secret_key_fault(make()))] == []

    def test_long_secret_key_with_a_weak_start_is_accepted(self) -> None:
        assert secret_key_fault("0123456789" * 8 + GOOD_KEY) is None

    @pytest.mark.parametrize(
        "old", ["short", "a" * 64, "0123456789" * 4, f"{GOOD_KEY},changeme-5b0f2c9d7e1a48633d6f90ab12"]
    )
    def test_weak_fallback_key_stops_the_start(self, tmp_path: Path, old: str) -> None:
        with pytest.raises(SettingsError, match="DASHBOARD_SECRET_KEY_FALLBACKS"):
            Settings.from_environment(in_production(tmp_path, SECRET_KEY_FALLBACKS=old))

    @pytest.mark.parametrize(
        "keys",
        [
            *("short", "a" * 64, "0123456789" * 4, f"{GOOD_KEY},short", f"{GOOD_KEY},", f",{GOOD_KEY}"),
            *(f"{GOOD_KEY}, ,x{GOOD_KEY}", f"{GOOD_KEY},{GOOD_KEY}", f"{GOOD_KEY};changeme-5b0f2c9d7e1a48"),
        ],
    )
    @pytest.mark.parametrize("env", ["development", "production"])
    def test_weak_or_repeated_encryption_key_stops_the_start(
        self, tmp_path: Path, keys: str, env: str
    ) -> None:
        with pytest.raises(SettingsError, match="DASHBOARD_ENCRYPTION_KEY holds"):
            Settings.from_environment(in_production(tmp_path, ENV=env, ENCRYPTION_KEY=keys))

    @pytest.mark.parametrize(
        "address", ["", "http://console.example.org", "console.example.org", "https://", "https://h/path"]
    )
    def test_missing_or_insecure_base_url_stops_the_start(self, tmp_path: Path, address: str) -> None:
        with pytest.raises(SettingsError, match="DASHBOARD_BASE_URL"):
            Settings.from_environment(in_production(tmp_path, BASE_URL=address))

    @pytest.mark.parametrize("hosts", ["*", "https://x", "a b"])
    def test_invalid_allowed_hosts_stop_the_start(self, tmp_path: Path, hosts: str) -> None:
        with pytest.raises(SettingsError, match="DASHBOARD_ALLOWED_HOSTS"):
            Settings.from_environment(in_production(tmp_path, ALLOWED_HOSTS=hosts))

    def test_production_never_generates_a_secret_key(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"^DASHBOARD_SECRET_KEY "):
            Settings.from_environment(in_production(tmp_path, SECRET_KEY=""))
        assert list(tmp_path.iterdir()) == []

    def test_refused_secret_key_is_not_shown(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError) as caught:
            Settings.from_environment(in_production(tmp_path, SECRET_KEY="hunter2hunter2"))
        assert "hunter2" not in str(caught.value)


class TestGeneratedKey:
    def test_generated_key_is_used_again_at_the_next_start(self, tmp_path: Path) -> None:
        first = read(tmp_path / "instance").secret_key
        assert len(first) == 64
        assert read(tmp_path / "instance").secret_key == first

    def test_only_its_owner_can_read_the_key(self, tmp_path: Path) -> None:
        previous = os.umask(0)
        try:
            read(tmp_path / "instance")
        finally:
            os.umask(previous)
        assert stat.S_IMODE((tmp_path / "instance" / "secret_key").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700

    def test_full_disk_leaves_no_partial_key(self, tmp_path: Path) -> None:
        with no_file_grows(), pytest.raises(OSError, match="too large"):
            make_key(tmp_path / "secret_key")
        assert list(tmp_path.iterdir()) == []

    def test_racing_first_starts_agree_on_one_key(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(16) as pool:
            keys = set(pool.map(lambda _: read(tmp_path / "instance").secret_key, range(64)))
        assert len(keys) == 1
        assert [file.name for file in (tmp_path / "instance").iterdir()] == ["secret_key"]

    def test_start_that_loses_the_race_takes_the_key_of_the_winner(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        winners = GOOD_KEY
        (tmp_path / "secret_key").write_text(winners)
        exists = Path.exists
        monkeypatch.setattr(Path, "exists", lambda path: path.name != "secret_key" and exists(path))
        assert read(tmp_path).secret_key == winners
        assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]

    @pytest.mark.parametrize("content", ["", "  \n", "short"])
    def test_invalid_stored_key_is_refused_in_one_line(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "secret_key").write_text(content)
        (line,) = complaints(tmp_path)
        assert "secret_key" in line
        assert (tmp_path / "secret_key").read_text() == content

    def test_instance_that_is_a_file_is_refused_in_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        (line,) = complaints(tmp_path / "file" / "instance")
        assert line.startswith("DASHBOARD_INSTANCE cannot be used: ")
        assert str(tmp_path / "file") in line

    def test_unreadable_key_file_is_refused_in_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").mkdir()
        (line,) = complaints(tmp_path)
        assert line.startswith("DASHBOARD_INSTANCE cannot be used: ")
