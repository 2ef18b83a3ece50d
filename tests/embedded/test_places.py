from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from salesys.embedded.places import Places

LONGEST_SOCKET_PATH = 107


@pytest.mark.parametrize("folder", ["/srv/crm/var/embedded", "/srv/" + "long/" * 60 + "var", "/srv/my crm/var", "/srv/отдел/var"])
def test_both_sockets_fit_into_a_socket_address(folder: str) -> None:
    places = Places(Path(folder))
    assert max(len(os.fsencode(path)) for path in (places.postgres_socket, places.valkey_socket)) <= LONGEST_SOCKET_PATH


def test_a_short_plain_folder_keeps_its_sockets_itself() -> None:
    assert Places(Path("/srv/crm/var/embedded")).postgres_socket == Path("/srv/crm/var/embedded/run/.s.PGSQL.5432")


def test_two_long_folders_have_sockets_of_their_own() -> None:
    first, second = (Places(Path("/srv") / ("x" * 100) / name) for name in ("a", "b"))
    assert first.sockets != second.sockets


def test_the_password_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    places = Places(tmp_path / "embedded")
    password = places.password()
    assert len(password) == 32
    assert places.password() == password
    assert stat.S_IMODE((places.home / "password").stat().st_mode) == 0o600
    assert [path.name for path in places.home.iterdir()] == ["password"]
