"""Why a request is refused, each in a sentence for the person at the page. Knows no routes.

Refusal
├── WrongHost · OtherSite     somebody else's page or name talks to us
├── NoSession                 the page's cookie is missing
├── Malformed                 not what our page sends
├── PhotoTooBig · TextTooLong
├── NotFound
└── Unavailable               the database is away; the page tries again
"""

from typing import ClassVar


class Refusal(Exception):
    """Its sentence is sent to the page with this status."""

    status: ClassVar[int] = 400
    text: ClassVar[str] = "That request makes no sense here."

    def __str__(self) -> str:
        return self.text.format(*self.args)


class WrongHost(Refusal):
    """Args: the name that was used."""

    status = 403
    text = "This chat does not answer to the name “{0}”. Use the address that selfiebot printed when it started."


class OtherSite(Refusal):
    status = 403
    text = "Only selfiebot's own page may do that."


class NoSession(Refusal):
    status = 401
    text = "This page has lost its cookie. Please reload it."


class Malformed(Refusal):
    """Args: what is wrong, for a developer."""

    text = "That message could not be read ({0}). Please reload the page and try again."


class PhotoTooBig(Refusal):
    status = 413
    text = "That file is too large. Please send a smaller copy."


class TextTooLong(Refusal):
    """Args: the limit, in characters."""

    status = 413
    text = "That message is too long: I can read up to {0} characters."


class NotFound(Refusal):
    status = 404
    text = "There is nothing here (any more)."


class Unavailable(Refusal):
    status = 503
    text = "selfiebot cannot reach its database. Please try again in a moment."
