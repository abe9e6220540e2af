"""The address of a store of files: read strictly, and never shown with its keys."""

from pathlib import Path

import pytest

from dashboard.file_settings import FileSettings
from dashboard.store_address import Bucket, place_of, store_url_fault
from unit.environment import complaints, read

MINIO = "s3://console/files?endpoint=https://minio.example.org:9000"
USUAL = Path("/instance/files")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", USUAL),
        ("file:///srv/files", Path("/srv/files")),
        ("file:///srv/other%20disk", Path("/srv/other disk")),
        ("s3://console", Bucket(name="console")),
        ("s3://console/", Bucket(name="console")),
        ("s3://console/a/b.c_d-e/", Bucket(name="console", prefix="a/b.c_d-e")),
        (MINIO, Bucket(name="console", prefix="files", endpoint="https://minio.example.org:9000")),
        (
            "s3://console?endpoint=http%3A%2F%2F10.0.0.1%3A9000&region=eu-central-1",
            Bucket(name="console", endpoint="http://10.0.0.1:9000", region="eu-central-1"),
        ),
        ("s3://c.b-d1?endpoint=http://[::1]:9000", Bucket(name="c.b-d1", endpoint="http://[::1]:9000")),
        ("s3://KEY:a%2Fb%2Bc%40d@console", Bucket(name="console", key_id="KEY", secret="a/b+c@d")),
    ],
)
def test_address_is_read(url: str, expected: Path | Bucket) -> None:
    assert store_url_fault(url) is None
    assert place_of(url, USUAL) == expected


@pytest.mark.parametrize(
    "url",
    [
        "files",
        "/srv/files",
        "file://srv/files",
        "file:///",
        "file:srv",
        "file:///srv?x=1",
        "file:///srv#x",
        "file:///srv/%00",
        "https://minio.example.org/console",
        "s3:console",
        "s3://",
        "s3://ab",
        "s3://Console",
        "s3://con sole",
        "s3://console:9000",
        "s3://-console",
        "s3://console/../other",
        "s3://console/a//b",
        "s3://console/.hidden",
        "s3://console/ä",
        "s3://console#x",
        "s3://KEY@console",
        "s3://KEY:@console",
        "s3://:SECRET@console",
        "s3://KEY:SEC/RET@console",
        "s3://KEY:%ff@console",
        "s3://KEY:%0a@console",
        "s3://console?endpoint=",
        "s3://console?endpoint=minio.example.org",
        "s3://console?endpoint=ftp://minio.example.org",
        "s3://console?endpoint=https://minio.example.org/path",
        "s3://console?endpoint=https://minio.example.org?x=1",
        "s3://console?endpoint=https://user:word@minio.example.org",
        "s3://console?endpoint=https://minio.example.org:99999",
        "s3://console?endpoint=https://",
        "s3://console?endpoint=http://a&endpoint=http://b",
        "s3://console?region=",
        "s3://console?region=EU_1",
        "s3://console?bucket=other",
        "s3://console?endpoint",
        "s3://[console",
    ],
)
def test_address_with_a_fault_is_refused_in_a_line(tmp_path: Path, url: str) -> None:
    (line,) = complaints(tmp_path, FILES_URL=url)
    assert line.startswith("DASHBOARD_FILES_URL ")
    assert "\n" not in line
    for secret in ("SECRET", "KEY@", "word", "SEC/"):
        assert secret not in line.replace("s3://KEY:SECRET@bucket", "")


def test_settings_never_show_the_keys(tmp_path: Path) -> None:
    settings = read(tmp_path, FILES_URL="s3://KEY:hidden@console")
    assert settings.files == FileSettings(url="s3://KEY:hidden@console")
    assert "hidden" not in repr(settings)
    assert "hidden" not in repr(place_of(settings.files.url, USUAL))
    assert "hidden" not in str(place_of(settings.files.url, USUAL))


def test_default_limits_are_twenty_megabytes_and_ten_gigabytes(tmp_path: Path) -> None:
    assert (read(tmp_path).files.bytes, read(tmp_path).files.quota) == (20 * 1024**2, 10 * 1024**3)
