"""Signing in as every role over HTTP, as a browser would, and looking at what each is shown."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


def visit_all(address: str, logins: Sequence[Login], say: Callable[[str], None]) -> None:
    """Sign in as each and look at the home page.

    Raises:
        RoundFailed: Naming every role that failed and why; also when there is nobody to sign in as.
    """
    problems = {login.role: visit(address, login) for login in logins}
    for role, problem in problems.items():
        say(f"  {role}: {problem or 'signed in, home page as it should be'}")
    failed = [role for role, problem in problems.items() if problem]
    if failed or not problems:
        raise RoundFailed(f"Checked {len(problems)} roles; failed: {', '.join(failed) or 'there was nobody to sign in as'}.")
    say(f"Checked {len(problems)} roles: each signs in and sees its own page.")


def visit(address: str, login: Login) -> str:
    """Sign in as one person; what is wrong, or nothing."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    try:
        with browser.open(f"{address}/account/login/", timeout=30) as page:
            token = TOKEN.search(page.read().decode())
        if token is None:
            return "the sign-in page has no form"
        form = {"login": login.email, "password": login.password, "csrfmiddlewaretoken": token.group(1)}
        with browser.open(f"{address}/account/login/", urllib.parse.urlencode(form).encode(), timeout=30) as page:
            text, ended_at = page.read().decode(), urllib.parse.urlsplit(page.url).path
    except urllib.error.URLError as error:
        return f"{getattr(error, 'url', address)}: {error}"
    if ended_at != "/":
        return f"was led to {ended_at} and not to the home page"
    return "" if login.shows in text else f"the home page does not hold {login.shows!r}"
