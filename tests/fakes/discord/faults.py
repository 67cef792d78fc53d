"""What can go wrong on the way to Discord: errors, cut lines, delays, rate limits. Knows no route's meaning."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

VIA = {"Via": "1.1 google"}
Handler = Any


@dataclass
class Fault:
    """Something that happens to the next `times` requests.

    Args:
        path: a regular expression the request's path holds.
        status: what is answered; 0 cuts the connection.
        after: the request takes effect first.
        banned: a 429 as Cloudflare answers it, without Via and without JSON.
    """

    method: str
    path: str
    status: int = 500
    times: int = 1
    after: bool = False
    delay_s: float = 0.0
    retry_after_s: float = 0.2
    everywhere: bool = False
    banned: bool = False
    code: int = 0

    def fits(self, request: web.Request) -> bool:
        return self.times > 0 and self.method in (request.method, "*") and bool(re.search(self.path, request.path))


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON, with the content type exactly as Discord sends it."""
    body = json.dumps(value).encode()
    return web.Response(
        body=body, status=status, headers={**VIA, "Content-Type": "application/json", **(headers or {})}
    )


def refusal(status: int, code: int, message: str, **more: Any) -> web.Response:
    return answer({"message": message, "code": code, **more}, status)


def slow_down(seconds: float, everywhere: bool = False, headers: dict[str, str] | None = None) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": round(seconds, 3), "global": everywhere}
    scope = "global" if everywhere else "user"
    more = {"Retry-After": f"{max(1, round(seconds))}", "X-RateLimit-Scope": scope, **(headers or {})}
    return answer(body, 429, {**more, **({"X-RateLimit-Global": "true"} if everywhere else {})})


@dataclass
class Buckets:
    """Rate limits by route and its major parameters: so many requests in so many seconds."""

    limit: int = 1000
    per_s: float = 5.0
    limits: dict[str, tuple[int, float]] = field(default_factory=dict)
    exceeded: int = 0
    _used: dict[str, tuple[int, float]] = field(default_factory=dict)

    def take(self, request: web.Request) -> tuple[bool, dict[str, str], float]:
        """May this one pass? The headers it is answered with, and the seconds until the bucket is full again."""
        major = re.search(r"/(channels|webhooks|interactions|guilds)/[^/]+(/[^/]{40,})?", request.path)
        route = re.sub(r"\d{15,}", "*", re.sub(r"/[^/]{40,}", "/*", request.path))
        limit, per_s = next((these for path, these in self.limits.items() if re.search(path, route)), (0, 0.0))
        limit, per_s = (limit, per_s) if limit else (self.limit, self.per_s)
        key, now = f"{request.method} {route} {major and major[0]}", time.time()
        used, ends = self._used.get(key, (0, 0.0))
        if now >= ends:
            used, ends = 0, now + per_s
        used += 1
        self._used[key] = used, ends
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - used)),
            "X-RateLimit-Reset": f"{ends:.3f}",
            "X-RateLimit-Reset-After": f"{ends - now:.3f}",
            "X-RateLimit-Bucket": f"{abs(hash(request.method + route)):x}",
        }
        if used > limit:
            self.exceeded += 1
        return used <= limit, headers, ends - now


async def befall(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a fault happen to a request."""
    fault.times -= 1
    await asyncio.sleep(fault.delay_s)
    if fault.after or (fault.status == 200 and fault.delay_s):
        done: web.StreamResponse = await handler(request)
        if fault.status == 200:
            return done
    if fault.status == 0:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    if fault.status == 429 and fault.banned:
        return web.Response(text="error code: 1015", status=429, headers={"Retry-After": f"{fault.retry_after_s}"})
    if fault.status == 429:
        return slow_down(fault.retry_after_s, fault.everywhere)
    if fault.status < 500:
        return refusal(fault.status, fault.code, "refused on purpose")
    return web.Response(status=fault.status, text="upstream", headers=VIA)
