"""Runs the migrations from inside a program, installed or not. Knows Alembic, not the tables."""

import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config


_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps what it works on in globals


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database up to a revision. Blocks, and runs a loop of its own: not for a running loop's thread."""
    from alembic import command  # a second of start-up that only this needs

    with _ONE_AT_A_TIME:
        command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take a database down to a revision. Blocks."""
    from alembic import command

    with _ONE_AT_A_TIME:
        command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raises alembic.util.CommandError if the tables in the code are not those of the migrations. Blocks."""
    from alembic import command

    with _ONE_AT_A_TIME:
        command.check(_config(url))


def _config(url: str) -> "Config":
    from alembic.config import Config

    spec = find_spec("migrations")
    assert spec is not None
    assert spec.origin is not None
    config = Config()
    config.set_main_option("script_location", str(Path(spec.origin).parent).replace("%", "%%"))
    config.attributes["url"] = url
    return config
