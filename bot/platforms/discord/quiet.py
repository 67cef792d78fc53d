"""What discord.py may say in our log: no tokens, no addresses, no tracebacks of a network that is away."""

import logging
import re

_SECRET = re.compile(r"/(webhooks|interactions)/(\d+)/[^/\s?]+")
_NOISE = ("PyNaCl is not installed", "davey is not installed", "intent seems to be disabled")
_LOGGERS = ("discord.client", "discord.gateway", "discord.http", "discord.state", "discord.webhook.async_")


class Quiet(logging.Filter):
    """Takes out secrets and noise; a traceback becomes the name of its error."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if any(noise in text for noise in _NOISE):
            return False
        if record.exc_info and record.exc_info[0]:
            text += f" ({record.exc_info[0].__name__})"
        record.msg, record.args, record.exc_info, record.exc_text = _SECRET.sub(r"/\1/\2/…", text), None, None, None
        return True


def hush() -> None:
    """Its debug lines hold whole events with tokens in them, so they are off whatever the log level."""
    logging.getLogger("discord").setLevel(logging.WARNING)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, Quiet) for one in logger.filters):
            logger.addFilter(Quiet())
