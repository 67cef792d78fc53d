"""Everything that must survive, as rows, on SQLite or PostgreSQL. Knows neither the bot nor what pictures show."""

from db.engine import StoreDown
from db.records import (
    Answer,
    AnswerIds,
    Body,
    Errand,
    Event,
    JobRow,
    NotYours,
    Order,
    Person,
    Post,
    UnknownButton,
    WebRow,
)
from db.store import Store

__all__ = [
    "Answer",
    "AnswerIds",
    "Body",
    "Errand",
    "Event",
    "JobRow",
    "NotYours",
    "Order",
    "Person",
    "Post",
    "Store",
    "StoreDown",
    "UnknownButton",
    "WebRow",
]
