"""The bot's tests run on both databases, like the store's."""

from tests.fakes.databases import database_url, postgres, postgres_database, sqlite_template, store

__all__ = ["database_url", "postgres", "postgres_database", "sqlite_template", "store"]
