from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesys.embedded.processes import runs_with
from salesys.operations.children import ChildEnded, Family

SLEEP = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); [signal.pause() for _ in range(9)]"
)
PARENT = """
import os, sys
from pathlib import Path
from salesys.operations.children import Family
child = Family(Path(sys.argv[1]), os.environ).start("child", ["-c", "import signal; print('ready', flush=True); signal.pause()"])
print(child.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    found = Family(tmp_path, os.environ)
    yield found
    found.stop(patience=0.5)


def wait_for(log: Path, text: str) -> None:
    """Read a log as it is written until it holds `text`; the time limit of the test run ends a wait in vain."""
    command = [sys.executable, "-c", "import sys\nwhile sys.argv[2] not in open(sys.argv[1]).read(): pass", str(log), text]
    subprocess.run(command, check=True, timeout=30)


def test_what_a_child_says_goes_to_its_log(family: Family) -> None:
    child = family.start("greeter", ["-c", "print('hello')"])
    child.process.wait()
    assert child.last_words() == "hello"


def test_a_child_that_has_ended_is_reported_with_its_last_words(family: Family) -> None:
    family.start("breaker", ["-c", "import sys; sys.exit('no such table')"]).process.wait()
    with pytest.raises(ChildEnded, match=r"breaker has ended \(1\)(.|\n)*no such table"):
        family.check()


def test_children_that_run_are_no_error_and_end_when_asked(family: Family) -> None:
    children = [family.start(name, ["-c", SLEEP]) for name in ("worker", "web")]
    family.check()
    family.stop()
    assert [child.process.poll() for child in children] == [-signal.SIGTERM, -signal.SIGTERM]
    assert family.children == []


def test_a_child_that_does_not_end_is_killed(family: Family) -> None:
    child = family.start("stubborn", ["-c", STUBBORN])
    wait_for(child.log, "ready")
    family.stop(patience=0.2)
    assert child.process.poll() == -signal.SIGKILL


def test_ctrl_c_at_the_terminal_does_not_reach_a_child(family: Family) -> None:
    child = family.start("worker", ["-c", SLEEP])
    assert os.getpgid(child.process.pid) != os.getpgrp()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a process that its parent has died.")
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        wait_for(tmp_path / "child.log", "ready")
        parent.kill()
    if runs_with(number, "signal.pause"):
        assert select.select([os.pidfd_open(number)], [], [], 10)[0], "The child outlived its parent."
