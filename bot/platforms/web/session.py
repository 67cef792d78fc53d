"""Who is at the page: a secret cookie, and the chat it opens. Knows nothing of what is said there."""

import base64
import hashlib
import re
import secrets

from aiohttp import web

from bot.platforms.web.errors import NoSession

COOKIE = "selfiebot"
YEAR_S = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def chat_of(request: web.Request) -> str:
    """The chat of whoever sent this request: 132 bits of the cookie's hash, so the chat's name opens nothing.

    Raises:
        NoSession
    """
    token = request.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(token):
        raise NoSession
    digest = hashlib.sha256(token.encode()).digest()
    return "web:" + base64.urlsafe_b64encode(digest).decode()[:22]


def has_session(request: web.Request) -> bool:
    return _TOKEN.fullmatch(request.cookies.get(COOKIE, "")) is not None


def arrives_from_elsewhere(request: web.Request) -> bool:
    """Did another site's link lead here? Then a SameSite=Strict cookie stays at home although there may be one."""
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def set_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Give the browser its cookie: a new one of 256 random bits, or the one it has for another year."""
    token = request.cookies[COOKIE] if has_session(request) else secrets.token_urlsafe(32)
    response.set_cookie(
        COOKIE, token, max_age=YEAR_S, path="/", httponly=True, samesite="Strict", secure=request.secure
    )


def language_of(request: web.Request) -> str:
    """The language the browser likes best, "de-AT"; "en" if it does not say."""
    first = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    return first if _LANG.fullmatch(first) else "en"
