"""Root starts the servers under an account without rights, whatever folder they are in."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesys.embedded import servers
from salesys.embedded.account import Unreachable, server_account
from salesys.embedded.places import Places

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root has to change the account.")
RIGHTS_IN_A_CONTAINER = "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap"
RIGHTS_WITHOUT_PASSING_ON = "-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid"
START = """
import sys
from pathlib import Path
from salesys.embedded import servers
from salesys.embedded.places import Places
places = Places(Path(sys.argv[1]))
servers.start(places)
print(servers.status(places), servers.stop(places))
"""


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that its owner alone may enter, as /root is."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    yield folder
    servers.stop(Places(folder / "var" / "embedded"), even_if_used=True)


def start_with_rights(rights: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Start and stop servers in a process of root's that has fewer rights."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv of util-linux is not installed.")
    command = [setpriv, f"--bounding-set={rights}", sys.executable, "-c", START, str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@only_root
def test_the_servers_do_not_run_as_root(closed: Path) -> None:
    places = Places(closed / "var" / "embedded")
    servers.start(places)
    postmaster = (places.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0]
    valkey = (places.valkey_data / "valkey.pid").read_text().strip()
    assert {Path(f"/proc/{number}").stat().st_uid for number in (postmaster, valkey)} == {pwd.getpwnam("nobody").pw_uid}


@only_root
def test_a_folder_that_is_open_needs_no_capability(tmp_path_factory: pytest.TempPathFactory) -> None:
    account = server_account(Path("/tmp"), [Path("/bin/sh")])
    assert account is not None
    assert account.capability is None


@only_root
def test_a_closed_folder_works_with_the_rights_of_a_usual_container(closed: Path) -> None:
    done = start_with_rights(RIGHTS_IN_A_CONTAINER, closed / "var" / "embedded")
    assert done.stdout == "{'PostgreSQL': True, 'Valkey': True} True\n", done.stderr


@only_root
def test_a_closed_folder_is_refused_with_a_remedy_when_root_may_not_pass_rights_on(closed: Path) -> None:
    done = start_with_rights(RIGHTS_WITHOUT_PASSING_ON, closed / "var" / "embedded")
    assert done.returncode == 1
    assert "set SALESYS_VAR to a folder that is open" in done.stderr
    assert Unreachable.__name__ in done.stderr


@only_root
def test_a_folder_that_another_account_made_is_refused_with_a_remedy(tmp_path: Path) -> None:
    home = tmp_path / "var" / "embedded"
    home.mkdir(parents=True, mode=0o700)
    os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
    done = start_with_rights("-all,+setgid,+setuid", home)
    assert done.returncode == 1
    assert "was made by another account. Remove it as that account, or set SALESYS_VAR" in done.stderr
    assert list(home.iterdir()) == []


@only_root
def test_the_owner_of_the_project_is_the_account(tmp_path: Path) -> None:
    someone = next(entry for entry in pwd.getpwall() if entry.pw_uid not in {0, pwd.getpwnam("nobody").pw_uid})
    home = tmp_path / "project" / "var" / "embedded"
    home.mkdir(parents=True)
    os.chown(home.parent.parent, someone.pw_uid, someone.pw_gid)
    account = server_account(home, [])
    assert account is not None
    assert account.user_id == someone.pw_uid
