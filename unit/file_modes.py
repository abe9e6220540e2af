"""File modes that bind this thread, also where it is root's, whom they do not stop by themselves."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# capabilities(7): version 3 of the call; DAC_OVERRIDE and DAC_READ_SEARCH are the first two after CHOWN.
VERSION, OVERRIDE = 0x20080522, 0b110


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


@contextmanager
def file_modes_bind() -> Iterator[None]:
    """Take from this thread root's right to ignore the modes of files; others never had it."""
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root cannot lay its rights down here")
    libc, header, held = ctypes.CDLL(None, use_errno=True), _Header(VERSION, 0), (_Capabilities * 2)()
    assert libc.capget(ctypes.byref(header), held) == 0
    before = held[0].effective
    held[0].effective = before & ~OVERRIDE
    assert libc.capset(ctypes.byref(header), held) == 0
    try:
        yield
    finally:
        held[0].effective = before
        assert libc.capset(ctypes.byref(header), held) == 0


@contextmanager
def read_only(*files: Path) -> Iterator[None]:
    """Let nobody write into `files`."""
    modes = {file: file.stat().st_mode for file in files if file.exists()}
    with file_modes_bind():
        for file in modes:
            file.chmod(0o444)
        try:
            yield
        finally:
            for file, mode in modes.items():
                if file.exists():
                    file.chmod(mode)
