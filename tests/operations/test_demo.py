from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from salesys.operations import demo
from salesys.operations.children import Family
from salesys.operations.rounds import Login, RoundFailed, Visit, look, visit, visit_all, without_own_page
from salesys.operations.static_files import collect_if_changed, fingerprint
from tests.personas import PASSWORD, PersonaCompany


def test_a_port_that_another_program_holds_is_passed_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert demo.free_port(taken) != taken


@pytest.mark.parametrize(
    ("given", "language"), [("ru_RU.UTF-8", "ru"), ("ru", "ru"), ("en_GB", "en"), ("C.UTF-8", "en"), ("", "en")]
)
def test_the_language_follows_the_locale(given: str, language: str) -> None:
    assert demo.parse(["--language", given]).language == language


def test_an_impossible_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        demo.parse(["--port", "99999"])
    assert "PORT is a number from 1 to 65535" in capsys.readouterr().err


def test_the_secret_key_of_the_demo_is_its_own_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    first = demo.environment("ru")
    assert len(first["SECRET_KEY"]) > 50
    assert demo.environment("ru")["SECRET_KEY"] == first["SECRET_KEY"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_bytecode_that_is_not_wanted_beside_the_sources_lies_with_the_demo() -> None:
    assert demo.compiled_once({"HOME": "/home/anna"}) == {"HOME": "/home/anna"}
    found = demo.compiled_once({"HOME": "/home/anna", "PYTHONDONTWRITEBYTECODE": "1"})
    assert found == {"HOME": "/home/anna", "PYTHONPYCACHEPREFIX": str(demo.FOLDER / "bytecode")}
    own = {"PYTHONPYCACHEPREFIX": "/cache", "PYTHONDONTWRITEBYTECODE": "1"}
    assert demo.compiled_once(own) == {"PYTHONPYCACHEPREFIX": "/cache"}


def test_a_second_demo_in_one_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    with demo.only_demo(), pytest.raises(demo.NotStarted, match="runs already"), demo.only_demo():
        pass


def test_a_log_is_passed_on_as_it_grows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "prepare.log"
    log.write_text("one\n")
    said = demo.follow(log, 0)
    log.write_text("one\ntwo\n")
    assert demo.follow(log, said) == 8
    assert capsys.readouterr().out == "one\ntwo\n"


def test_static_files_are_collected_once(tmp_path: Path) -> None:
    (tmp_path / ".made-from").write_text(fingerprint())
    assert not collect_if_changed(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".made-from"]


NOBODY = Login("owner", "owner", "nobody@example.com", "wrong-password", "Company")


@pytest.mark.django_db(transaction=True)
def test_who_cannot_sign_in_is_named(live_server: LiveServer) -> None:
    assert visit(live_server.url, NOBODY).problem == "was led to /account/login/ and not to the home page"
    with pytest.raises(RoundFailed, match="Checked 1 roles; failed: owner"):
        visit_all(live_server.url, [NOBODY], print)


def test_a_server_that_does_not_answer_is_a_problem() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert "Connection refused" in visit(f"http://127.0.0.1:{closed.getsockname()[1]}", NOBODY).problem


@pytest.mark.django_db(transaction=True)
def test_a_proxy_of_the_environment_is_passed_by(
    live_server: LiveServer, company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    login = Login("telesales", "telesales", company.telesales.user.email, PASSWORD, "")
    assert visit(live_server.url, login).problem == ""
    family = Family(Path("unused"), {})
    with pytest.raises(demo.NotStarted, match="not ready"):
        demo.wait_until_ready(family, live_server.url, patience=0.5)


def test_a_demo_without_logins_is_not_checked() -> None:
    with pytest.raises(RoundFailed, match="there was nobody to sign in as"):
        visit_all("http://127.0.0.1:1", [], print)


PAGE = "<h1>Your calls</h1> O&#x27;Neill"


@pytest.mark.parametrize(
    ("shows", "path", "problem"),
    [
        ("O'Neill", "/", ""),
        ("Ivanova", "/", "the home page does not hold 'Ivanova'"),
        ("O'Neill", "/account/login/", "was led to /account/login/ and not to the home page"),
    ],
)
def test_the_page_after_signing_in_is_judged(shows: str, path: str, problem: str) -> None:
    login = Login("telesales", "telesales", "t@example.com", "password", shows)
    assert look(login, PAGE, path) == Visit("telesales", "" if problem else "Your calls", problem)


def test_two_roles_may_not_be_shown_one_page() -> None:
    visits = [
        Visit("owner", "Company"),
        Visit("commercial_director", "Company"),
        Visit("seller", "Your day"),
        Visit("hr", "Your day"),
    ]
    assert without_own_page(visits) == {"seller", "hr"}


@pytest.mark.django_db(transaction=True)
def test_who_signs_in_is_shown_the_role_s_own_page(live_server: LiveServer, company: PersonaCompany) -> None:
    people = {role.value: company.by_role(role) for role in (Role.OWNER, Role.SELLER, Role.TELESALES)}
    logins = [Login(role, role, person.user.email, PASSWORD, person.employee.full_name) for role, person in people.items()]
    said: list[str] = []
    visit_all(live_server.url, logins, said.append)
    assert said[-1] == "Checked 3 roles: each signs in and sees its own page."
