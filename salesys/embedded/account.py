"""The unprivileged account that the servers run as when root starts them.

PostgreSQL refuses to run as root. The account must reach the binaries and the data; where a folder above them is
closed to everyone but root (a checkout in /root), the servers keep one capability that opens it for them.
"""

from __future__ import annotations

import ctypes
import os
import pwd
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from salesys.embedded.places import ServerFailed

PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


class Unreachable(ServerFailed):
    """No way was found to let an unprivileged account use the folder of the project."""


@dataclass(frozen=True, slots=True)
class Account:
    """An operating system account, and the capability it needs (None: the usual rights are enough)."""

    user_id: int
    group_id: int
    capability: int | None = None

    def own(self, *paths: Path) -> None:
        """Make the account the owner of `paths`."""
        for path in paths:
            os.chown(path, self.user_id, self.group_id)

    def become(self) -> None:
        """Turn this process into the account; for use between fork and exec, as root."""
        libc = ctypes.CDLL(None, use_errno=True)
        if self.capability is not None and libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_SECUREBITS)")
        os.setgroups([])
        os.setgid(self.group_id)
        os.setuid(self.user_id)
        if self.capability is not None:
            keep_only(libc, self.capability)


def keep_only(libc: ctypes.CDLL, capability: int) -> None:
    """Give up every capability but one, and hand that one on to the programs that are run."""
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(sets)):
        raise OSError(ctypes.get_errno(), "capset")
    if libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_CAP_AMBIENT)")


def server_account(home: Path, must_reach: Iterable[Path]) -> Account | None:
    """The account for servers that keep their data in `home`; None when this process is not root.

    Args:
        home: The folder of the servers' data; when it belongs to somebody else than root already, that is the account.
        must_reach: Programs and folders that the account must be able to read and to run.

    Raises:
        Unreachable: A folder above is closed, and the kernel does not let root pass its right on.
    """
    if os.geteuid() != 0:
        return None
    entry = next(filter(None, map(usual_account, (home / "postgres", home.parent.parent))), None) or nobody()
    paths = [home, *must_reach]
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        account = Account(entry.pw_uid, entry.pw_gid, capability)
        if succeeds_as(account, lambda: all(os.access(path, os.R_OK | os.X_OK) for path in paths)):
            return account
    raise Unreachable(
        f"The account {entry.pw_name!r}, which the servers run as, cannot reach {home}. "
        "Move the project out of the closed folder, or set SALESYS_VAR to a folder that is open."
    )


def usual_account(path: Path) -> pwd.struct_passwd | None:
    """The owner of `path`, when there is one who is not root and has an entry among the accounts."""
    try:
        owner = path.stat().st_uid
        return pwd.getpwuid(owner) if owner else None
    except (FileNotFoundError, KeyError):
        return None


def nobody() -> pwd.struct_passwd:
    """The account without rights that every Unix has."""
    return pwd.getpwnam("nobody")


def succeeds_as(account: Account, question: Callable[[], bool]) -> bool:
    """Whether `question`, asked in a child process that has become `account`, is answered with yes."""
    child = os.fork()
    if child == 0:
        answer = False
        try:
            account.become()
            answer = question()
        finally:
            os._exit(0 if answer else 1)
    return os.waitpid(child, 0)[1] == 0
