"""Signing in as every role over HTTP, as a browser would, and looking at what each is shown."""

from __future__ import annotations

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ALIKE = ({"owner", "commercial_director"}, {"seller", "marketer"})
HEADING = re.compile(r"<h1[^>]*>([^<]+)</h1>")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class RoundFailed(RuntimeError):
    """A role could not sign in, or was not shown its own page."""


@dataclass(frozen=True, slots=True)
class Login:
    """How one person of the demo signs in, and what the home page of the role must hold."""

    role: str
    role_name: str
    email: str
    password: str
    shows: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person found: the heading of the home page, or what is wrong."""

    role: str
    heading: str = ""
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.role}: {self.problem or f'signed in, home page {self.heading!r}'}"


def visit_all(address: str, logins: Sequence[Login], say: Callable[[str], None]) -> None:
    """Sign in as each and look at the home page, which must be the role's own.

    Raises:
        RoundFailed: Naming every role that failed and why; also when there is nobody to sign in as.
    """
    visits = [visit(address, login) for login in logins]
    for found in visits:
        say(f"  {found}")
    failed = {found.role for found in visits if found.problem} | without_own_page(visits)
    if failed or not visits:
        raise RoundFailed(
            f"Checked {len(visits)} roles; failed: {', '.join(sorted(failed)) or 'there was nobody to sign in as'}."
        )
    say(f"Checked {len(visits)} roles: each signs in and sees its own page.")


def without_own_page(visits: Sequence[Visit]) -> set[str]:
    """Roles that were shown the same heading as a role that does not work alike."""
    by_heading: dict[str, set[str]] = {}
    for found in visits:
        by_heading.setdefault(found.heading, set()).add(found.role)
    mixed = [roles for roles in by_heading.values() if len(roles) > 1 and not any(roles <= alike for alike in ALIKE)]
    return set().union(*mixed)


def past_proxies(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """What asks this machine itself: a proxy that the environment names (`http_proxy`) does not know it."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)


def visit(address: str, login: Login) -> Visit:
    """Sign in as one person and look at the home page."""
    browser = past_proxies(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    try:
        with browser.open(f"{address}/account/login/", timeout=30) as page:
            token = TOKEN.search(page.read().decode())
        if token is None:
            return Visit(login.role, problem="the sign-in page has no form")
        form = {"login": login.email, "password": login.password, "csrfmiddlewaretoken": token.group(1)}
        with browser.open(f"{address}/account/login/", urllib.parse.urlencode(form).encode(), timeout=30) as page:
            return look(login, page.read().decode(), urllib.parse.urlsplit(page.url).path)
    except urllib.error.URLError as error:
        return Visit(login.role, problem=f"{getattr(error, 'url', address)}: {error}")


def look(login: Login, text: str, path: str) -> Visit:
    """Judge the page that a person landed on after signing in."""
    heading = HEADING.search(text)
    if path != "/" or heading is None:
        return Visit(login.role, problem=f"was led to {path} and not to the home page")
    if login.shows not in html.unescape(text):
        return Visit(login.role, problem=f"the home page does not hold {login.shows!r}")
    return Visit(login.role, heading=html.unescape(heading.group(1)).strip())
