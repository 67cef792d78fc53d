"""Misbehaviour on order, one call or several of it. Knows no method."""

from dataclasses import dataclass, field
from typing import Any


class ApiError(Exception):
    """An answer with ok: false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


def flood(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass
class Fault:
    """What the next calls of a method meet.

    Args:
        method: "sendPhoto"; "*" for any but getUpdates; "file" for downloads.
        error: this answer; None cuts the connection.
        after: only once the call has had its effect.
        raw: these bytes with status 502 instead of an answer.
        delay_s: wait first; with nothing else said the call then goes through.
        chat: only calls for this chat.
    """

    method: str
    error: ApiError | None = None
    times: int = 1
    cut: bool = False
    after: bool = False
    raw: bytes | None = None
    delay_s: float = 0.0
    chat: int | None = None
    met: list[dict[str, Any]] = field(default_factory=list)

    def meets(self, method: str, params: dict[str, Any]) -> bool:
        if self.times <= 0 or (self.chat is not None and str(params.get("chat_id")) != str(self.chat)):
            return False
        return self.method == method or (self.method == "*" and method != "getUpdates")
