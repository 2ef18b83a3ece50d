"""The named third-party files, and nothing else, arrive in the folder that is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesys.shell import vendor


def test_files_are_copied_once(tmp_path: Path) -> None:
    first, second = vendor.copy_all(tmp_path), vendor.copy_all(tmp_path)

    assert first == len(list(tmp_path.iterdir())) == len(vendor.FROM_NPM) + len(vendor.FROM_DJANGO_HTMX) + 1
    assert second == 0


def test_no_copied_file_names_a_map_that_is_not_served(tmp_path: Path) -> None:
    vendor.copy_all(tmp_path)

    assert [path.name for path in tmp_path.glob("*.*s") if b"sourceMappingURL" in path.read_bytes()] == []


def test_sprite_is_the_same_for_the_same_icons() -> None:
    assert vendor.sprite(("check", "phone", "check")) == vendor.sprite(("phone", "check"))
    assert '<symbol id="phone" viewBox="0 0 24 24"><path d=' in vendor.sprite(("phone",))


def test_a_missing_package_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(vendor.MissingPackage, match="npm ci"):
        vendor.read_source(tmp_path / "gone.js")


def test_command_says_what_it_did(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(vendor.copy_all, "__defaults__", (tmp_path,))

    assert vendor.main() == 0
    assert capsys.readouterr().out.startswith("static/vendor: 10 files written")
