"""Where the embedded servers live: folders, sockets and the addresses that follow from them.

The addresses depend only on the folder of the project, so that they are known before anything runs. Both servers
listen on unix sockets alone: no port can be taken, and nobody without access to the folder can connect.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE_NAME = "salesys"
DATABASE_USER = "salesys"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
LONGEST_SOCKET_FOLDER = 80
"""A unix socket's whole path may have 107 bytes; the servers add their file names to the folder."""


class ServerFailed(RuntimeError):
    """A server did not start or stop; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Files of one pair of embedded servers below `home`."""

    home: Path

    @property
    def postgres_data(self) -> Path:
        """The PostgreSQL cluster."""
        return self.home / "postgres"

    @property
    def postgres_log(self) -> Path:
        """What PostgreSQL says."""
        return self.home / "postgres.log"

    @property
    def valkey_data(self) -> Path:
        """The Valkey folder: configuration, log, append-only file."""
        return self.home / "valkey"

    @property
    def valkey_configuration(self) -> Path:
        """The configuration that Valkey reads, its password among it."""
        return self.valkey_data / "valkey.conf"

    @property
    def lock(self) -> Path:
        """Held while servers are being started or stopped."""
        return self.home / "lock"

    @property
    def users(self) -> Path:
        """Held, shared, by every process that uses the servers."""
        return self.home / "users"

    @property
    def sockets(self) -> Path:
        """The folder of both sockets: here when its path is short and plain, else a private one in /tmp."""
        here = self.home / "run"
        if len(os.fsencode(here)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(here)):
            return here
        return Path("/tmp") / f"salesys-{hashlib.sha256(os.fsencode(here)).hexdigest()[:16]}"  # nosec B108

    @property
    def postgres_socket(self) -> Path:
        """The socket that PostgreSQL makes in the folder for its usual port."""
        return self.sockets / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        """The socket of Valkey."""
        return self.sockets / "valkey.sock"

    def password(self) -> str:
        """The password of both servers, made on first use; the file is readable by its owner alone."""
        path = self.home / "password"
        try:
            return path.read_text("ascii").strip()
        except FileNotFoundError:
            self.home.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f"password.{os.getpid()}")
        descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
        try:
            os.link(whole, path)
        except FileExistsError:
            pass
        finally:
            whole.unlink()
        return path.read_text("ascii").strip()

    def database(self) -> dict[str, str]:
        """The embedded database as Django describes one."""
        return {
            "NAME": DATABASE_NAME,
            "USER": DATABASE_USER,
            "PASSWORD": self.password(),
            "HOST": str(self.sockets),
            "PORT": "5432",
        }

    def redis_url(self) -> str:
        """The embedded Valkey as redis-py's clients name it."""
        return f"unix://:{self.password()}@{quote(str(self.valkey_socket))}"


def default_home() -> Path:
    """`SALESYS_VAR` or `var` in the project, then `embedded`."""
    project = Path(__file__).resolve().parent.parent.parent
    return Path(os.environ.get("SALESYS_VAR") or project / "var").absolute() / "embedded"


EMBEDDED = Places(default_home())
