"""Who may come in: a file of names and password hashes, and the command that makes its lines.

    python -m assistant.http.passwords NAME      # asks for the password, prints the line to add

A line is ``name:scrypt$N$r$p$salt$hash`` (salt and hash in base64), so that the cost can be raised later
without touching older lines. scrypt comes with Python and costs an attacker memory as well as time
(RFC 7914); the parameters below take about 50 ms.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import secrets
import threading
from pathlib import Path

from assistant.errors import SettingsError

__all__ = ["Users", "hash_password", "main"]

COST, BLOCK, LANES = 2**14, 8, 1
MAX_MEMORY = 64 * 1024 * 1024
REMEMBERED = 1000
_log = logging.getLogger("assistant.http")


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=MAX_MEMORY, dklen=32)


def hash_password(password: str) -> str:
    """What the file keeps of a password."""
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, COST, BLOCK, LANES)
    return (
        f"scrypt${COST}${BLOCK}${LANES}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"
    )


def _check(password: str, kept: str) -> bool:
    _, cost, block, lanes, salt, wanted = kept.split("$")
    made = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(made, base64.b64decode(wanted))


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"ASSISTANT_AUTH_FILE={path}: cannot be read ({error}).") from None
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, kept = line.strip().partition(":")
        try:
            _check("", kept)
        except (ValueError, binascii.Error, MemoryError):
            raise SettingsError(
                f"{path}:{number}: not name:scrypt$…; make one: 'python -m assistant.http.passwords NAME'."
            ) from None
        users[name] = kept
    if not users:
        raise SettingsError(f"{path}: no user in it; add one with 'python -m assistant.http.passwords NAME'.")
    return users


class Users:
    """The users of a file, read again when it changes.

    Args:
        path: The file.

    Raises:
        SettingsError: It cannot be read, or a line is wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp = path.stat().st_mtime_ns if path.exists() else 0
        self._users = _read(path)
        # Passwords that were right lately, as keyed digests: scrypt at every request would be a burden.
        self._key = secrets.token_bytes(32)
        self._right: dict[bytes, None] = {}
        self._nobody = hash_password(secrets.token_hex(16))

    def _current(self) -> dict[str, str]:
        try:
            stamp = self._path.stat().st_mtime_ns
            if stamp != self._stamp:
                users = _read(self._path)
                self._stamp, self._users, self._right = stamp, users, {}
        except (OSError, SettingsError) as error:
            _log.error("users kept as they were: %s", error)
        return self._users

    def _digest(self, name: str, password: str, kept: str | None) -> bytes:
        return hmac.digest(self._key, f"{name}\0{password}\0{kept}".encode(), "sha256")

    def remembers(self, name: str, password: str) -> bool:
        """Whether this password was found right lately and still is; quick."""
        with self._lock:
            return self._digest(name, password, self._current().get(name)) in self._right

    def admit(self, name: str, password: str) -> bool:
        """Whether the password is this user's. Takes some 50 ms, by design."""
        with self._lock:
            kept = self._current().get(name)
            digest = self._digest(name, password, kept)
        # An unknown name takes as long as a wrong password, so that names cannot be guessed by timing.
        right = _check(password, kept or self._nobody) and kept is not None
        if right:
            with self._lock:
                if len(self._right) >= REMEMBERED:
                    self._right.clear()
                self._right[digest] = None
        return right


def main(argv: list[str] | None = None) -> int:
    """Print a line for the file of users."""
    import argparse
    import getpass
    import sys

    parser = argparse.ArgumentParser(prog="python -m assistant.http.passwords", description=main.__doc__)
    parser.add_argument("name", help="the user's name, without a colon")
    args = parser.parse_args(argv)
    if ":" in args.name or not args.name.strip() or args.name.startswith("#"):
        parser.error("a name is not empty, holds no colon and does not begin with #")
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < 8:
        parser.error("a password has 8 characters at least")
    print(f"{args.name}:{hash_password(password)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
