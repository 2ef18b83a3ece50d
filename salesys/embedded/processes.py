"""Running the servers' programs, and telling whether a server is there."""

from __future__ import annotations

import os
import socket
import subprocess  # nosec B404
import tempfile
from collections.abc import Sequence
from pathlib import Path

from salesys.embedded.account import Account

QUIET_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def run(
    command: Sequence[str | Path], account: Account | None, *, within: Path = Path("/")
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end as `account`, in the folder `within`, in a session of its own so that Ctrl+C passes it by.

    What it says goes to a file: a server that it leaves behind would keep a pipe open for ever.
    """
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(  # nosec B603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=within,
            env=QUIET_ENVIRONMENT,
            start_new_session=True,
            preexec_fn=account.become if account else None,
            check=False,
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read())


def answers(path: Path) -> bool:
    """Whether somebody listens on the unix socket at `path`."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True


def runs_with(process_id: int, words: str) -> bool:
    """Whether a process of this number runs and its command line holds `words`."""
    if not Path("/proc/self").exists():
        listing = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(process_id)], capture_output=True, check=False)  # nosec B603
        return words in listing.stdout.decode(errors="replace")
    try:
        found = Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return words in found


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, or a word that there is none."""
    if not path.exists():
        return "(no log was written)"
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
