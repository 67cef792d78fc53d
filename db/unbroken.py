"""Questions that are answered to their end even if whoever asked is cancelled. Knows no database.

A transaction cut off in the middle leaves its connection in a state no driver repairs; all of them are short.
"""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Class = TypeVar("Class", bound=type)


def unbroken(questions: Class) -> Class:
    """A class whose public coroutine methods finish first and are cancelled afterwards."""
    for name, method in list(vars(questions).items()):
        if inspect.iscoroutinefunction(method) and not name.startswith("_"):
            setattr(questions, name, to_the_end(method))
    return questions


def to_the_end(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(method)
    async def whole(*args: Any, **kwargs: Any) -> Any:
        work = asyncio.ensure_future(method(*args, **kwargs))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            if not work.cancelled():
                work.exception()  # seen: nobody is left to tell
            raise

    return whole
