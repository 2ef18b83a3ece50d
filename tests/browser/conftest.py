"""A real browser: the one that is installed, started once for all tests.

Every page that a test opens is watched: an error in the console, a refused script or style, a failed request of ours and
the test fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from tests.personas import PASSWORD, Persona

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 45_000
"""Milliseconds: a busy machine is slow, not wrong."""
WRONG = """
window.__wrong = [];
document.addEventListener("securitypolicyviolation", event => {
  window.__wrong.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_browser() -> Iterator[None]:
    """The browser's driver runs an event loop in the thread of the tests, where Django refuses its database by default."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    chosen = {"executable_path": os.environ.get("BROWSER_PATH") or found} if found or os.environ.get("BROWSER_PATH") else {}
    return {**browser_type_launch_args, **chosen, "headless": True, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en", "color_scheme": "light"}


@pytest.fixture
def watched(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The test's page; fails the test when the page has complained about anything."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            complaints.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("response", on_response)
    page.add_init_script(WRONG)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    assert complaints == []


SignIn = Callable[[Persona], Page]


class OpenAs(Protocol):
    """Opens a page as somebody (None: nobody), in a window of a width."""

    def __call__(self, persona: Persona | None, path: str, *, width: int = 1440) -> Page: ...


@pytest.fixture
def open_as(watched: Page, live_server: LiveServer) -> OpenAs:
    """Opens a page with a session that is there already."""

    def opened(persona: Persona | None, path: str, *, width: int = 1440) -> Page:
        watched.context.clear_cookies()
        if persona is not None:
            session = persona.client.cookies["sessionid"].value
            watched.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        watched.set_viewport_size({"width": width, "height": 900})
        watched.goto(f"{live_server.url}{path}")
        return watched

    return opened


@pytest.fixture
def sign_in(watched: Page, live_server: LiveServer) -> SignIn:
    """Signs a persona in through the sign-in page and leaves the browser on the home page."""

    def signed_in(persona: Persona) -> Page:
        watched.goto(f"{live_server.url}/")
        watched.get_by_label("Email").fill(persona.user.email)
        watched.get_by_label("Password").fill(PASSWORD)
        watched.get_by_role("button", name="Sign in").click()
        watched.wait_for_url(f"{live_server.url}/")
        return watched

    return signed_in


def problems_of(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it stands, and what the content security policy refused."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    found = [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    return found + list(page.evaluate("window.__wrong"))
