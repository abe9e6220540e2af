"""The place where files are stored, as a setting describes it: a folder, or a bucket of a store like S3."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, unquote_to_bytes, urlsplit

EXAMPLE = "s3://bucket/prefix?endpoint=https://minio.example.org"
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"(?!\.)[\w.-]{1,100}(/(?!\.)[\w.-]{1,100}){0,9}", re.ASCII)
REGION = re.compile(r"[a-z0-9-]{1,40}")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]", re.I)
OPTIONS = ("endpoint", "region")
MALFORMED = f"is not the address of a store. Write it like {EXAMPLE}, or file:///srv/files for a folder."
ENCODED = "Write / + @ : ? # and % of a key as %2F and so on."


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket of a store that speaks the protocol of S3, and the beginning of all names in it.

    Without an ``endpoint`` it is at AWS. Keys and ``region`` that are missing are in the usual ``AWS_*``.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)

    def __str__(self) -> str:
        place = f"s3://{'/'.join(filter(None, (self.name, self.prefix)))}"
        return f"{place} at {self.endpoint or 'AWS'}"

    @classmethod
    def read(cls, url: str) -> Self:
        """Read an address without a `store_url_fault`."""
        parts = urlsplit(url)
        key_id, secret = _keys(parts)
        return cls(
            name=parts.netloc.rpartition("@")[2],
            prefix=parts.path.strip("/"),
            key_id=key_id,
            secret=secret,
            **dict(parse_qsl(parts.query)),
        )


def place_of(url: str, usual: Path) -> Path | Bucket:
    """Return the folder or the bucket at an address without a `store_url_fault`; `usual` for an empty one."""
    if not url:
        return usual
    return Bucket.read(url) if url.startswith("s3:") else Path(unquote(urlsplit(url).path))


def store_url_fault(url: str) -> str | None:
    """Say what is wrong with the address of a store, without a part of it: it may hold a key."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return MALFORMED
    if not url.isprintable() or " " in url or parts.fragment or parts.scheme not in ("s3", "file"):
        return MALFORMED
    return _fault_of_bucket(parts) if parts.scheme == "s3" else _fault_of_folder(parts)


def _fault_of_folder(parts: SplitResult) -> str | None:
    path = unquote(parts.path)
    is_folder = not parts.netloc and not parts.query and path.startswith("/") and path.isprintable()
    return None if is_folder and path.strip("/") else MALFORMED


def _fault_of_bucket(parts: SplitResult) -> str | None:
    if fault := _fault_of_keys(parts):
        return fault
    if not BUCKET.fullmatch(parts.netloc.rpartition("@")[2]):
        return f"must begin with s3:// and the name of a bucket, like {EXAMPLE}. {ENCODED}"
    if parts.path.strip("/") and not PREFIX.fullmatch(parts.path.strip("/")):
        return "has a prefix with other characters than letters, digits and . _ - /"
    return _fault_of_options(parts.query)


def _fault_of_keys(parts: SplitResult) -> str | None:
    if "@" not in parts.netloc:
        return None
    try:
        keys = _keys(parts)
    except UnicodeDecodeError:
        keys = ("", "")
    if all(key and key.isascii() and key.isprintable() for key in keys):
        return None
    return f"must have a key and its secret before the @, or neither: s3://KEY:SECRET@bucket. {ENCODED}"


def _keys(parts: SplitResult) -> tuple[str, str]:
    key_id, _, secret = parts.netloc.rpartition("@")[0].partition(":")
    return unquote_to_bytes(key_id).decode(), unquote_to_bytes(secret).decode()


def _fault_of_options(query: str) -> str | None:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=10)
    except ValueError:
        return MALFORMED
    names = [name for name, _ in pairs]
    if len({*names}) < len(names) or not {*names} <= {*OPTIONS}:
        return f"can have only {' and '.join(OPTIONS)} behind the ?, each once."
    options = dict(pairs)
    if "region" in options and not REGION.fullmatch(options["region"]):
        return "has a region with other signs than a-z, 0-9 and -, which eu-central-1 is made of."
    return _fault_of_endpoint(options["endpoint"]) if "endpoint" in options else None


def _fault_of_endpoint(endpoint: str) -> str | None:
    try:
        parts = urlsplit(endpoint)
        host = parts.netloc.removesuffix(f":{parts.port}")
    except ValueError:
        host = ""
    is_plain = host and not (parts.path.strip("/") or parts.query or parts.fragment)
    if not is_plain or not HOST.fullmatch(host) or parts.scheme not in ("http", "https"):
        return "has an endpoint that is no address like https://minio.example.org:9000, without a path."
    return None
