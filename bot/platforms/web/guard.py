"""What keeps other sites out: Host and Origin are checked, and every answer carries strict headers. Knows no chat."""

import ipaddress
import logging
from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from yarl import URL

from bot.platforms.web.errors import Malformed, NotFound, OtherSite, Refusal, Unavailable, WrongHost

log = logging.getLogger(__name__)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


def policy(host: str) -> str:
    """The content security policy of a page served as `host` (name and port, checked before).

    'self' covers a WebSocket by the standard, but not in every browser: so its address is written out.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "media-src 'self' blob:",
            f"connect-src 'self' ws://{host} wss://{host}",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


class Names:
    """The host names this server answers to.

    A page of a stranger can reach a local server by letting its own name point here (DNS rebinding), and then its
    requests carry that name. A bare IP address cannot be such a name.
    """

    def __init__(self, bound_to: str, more: Iterable[str] = ()) -> None:
        self._names = {"localhost", bound_to.lower(), *(name.lower() for name in more)}
        self._loopback_only = _is_loopback(bound_to)

    def know(self, host: str) -> bool:
        """Is this Host header (name, maybe with a port) one of ours? Any port: somebody may forward one to us."""
        try:
            name = URL.build(scheme="http", authority=host).host
        except ValueError:
            return False
        if not name:
            return False
        if name.lower() in self._names:
            return True
        address = _address(name)
        return address is not None and (address.is_loopback or not self._loopback_only)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_loopback(name: str) -> bool:
    address = _address(name)
    return name.lower() == "localhost" or (address is not None and address.is_loopback)


def require_own_page(request: web.Request) -> None:
    """Raises OtherSite unless one of our own pages sent this: browsers set Origin on every POST and WebSocket."""
    origin = request.headers.get("Origin", "")
    scheme, _, host = origin.partition("://")
    if scheme not in ("http", "https") or host.lower() != request.host.lower():
        raise OtherSite


def watch(names: Names) -> Middleware:
    """The middleware in front of every route: checks the Host, and turns refusals into JSON with a sentence."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not names.know(request.host):
                raise WrongHost(request.host[:80])
            return await handler(request)
        except Refusal as refusal:
            return refused(refusal)
        except OSError:
            log.warning("%s %s failed: something below is away", request.method, request.rel_url.parts[:2])
            return refused(Unavailable())
        except web.HTTPNotFound:
            return refused(NotFound())
        except web.HTTPMethodNotAllowed as error:
            return refused(Malformed(f"no {error.method} here"), error.status)

    return guard


def refused(refusal: Refusal, status: int | None = None) -> web.Response:
    answer = {"error": str(refusal), "why": type(refusal).__name__}
    return web.json_response(answer, status=status or refusal.status, headers={"Cache-Control": "no-store"})


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The signal before every answer's head is sent. What says nothing of caching is personal."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = policy(request.host)
