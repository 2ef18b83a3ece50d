"""Processes that belong to one parent: started apart from its terminal, watched, and ended with it however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess  # nosec B404
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1


class ChildEnded(RuntimeError):
    """A process that should go on running has ended; the message holds the end of what it said."""


@dataclass(slots=True)
class Child:
    """One running process and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self, lines: int = 25) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@dataclass(slots=True)
class Family:
    """Children in the order of their start; the last one is stopped first."""

    folder: Path
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start `python command...` in the folder of the project with its output in `<name>.log`."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # nosec B603
                [sys.executable, *command],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509
            )
        child = Child(name, process, log)
        self.children.append(child)
        return child

    def check(self) -> None:
        """Raise when one has ended.

        Raises:
            ChildEnded: With the end of its log.
        """
        for child in self.children:
            if child.process.poll() is not None:
                raise ChildEnded(
                    f"{child.name} has ended ({child.process.returncode}). The end of {child.log}:\n{child.last_words()}"
                )

    def stop(self, *, patience: float = 15) -> None:
        """Ask all to end, the newest first; kill what has not ended in time."""
        for child in reversed(self.children):
            send(child, signal.SIGTERM)
        give_up = time.monotonic() + patience
        for child in reversed(self.children):
            try:
                child.process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                send(child, signal.SIGKILL)
                child.process.wait()
        self.children.clear()


def send(child: Child, number: signal.Signals) -> None:
    """Send a signal: to end, to the process, which tells its own children; to be killed, to all of its session."""
    with suppress(ProcessLookupError):
        if number == signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            child.process.send_signal(number)


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere the parent's own handlers must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
