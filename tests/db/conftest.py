"""Every test of the store runs on both databases."""

from tests.fakes.databases import database_url, postgres, postgres_database, sqlite_template, store

__all__ = ["database_url", "postgres", "postgres_database", "sqlite_template", "store"]
