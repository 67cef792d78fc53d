"""The public log: one leaf for each picture that left us, in a Merkle tree that only grows. Knows no picture.

A leaf's data says nothing to anybody without the salt, which is erased with what is known of the picture.
"""

from collections.abc import Iterable

from sqlalchemy import insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database
from db.merkle import Node, Span, consistency_spans, cover, grown, inclusion_spans, leaf_hash, root_of, siblings
from db.models import Counter
from db.models import Ledger as Nodes
from db.unbroken import unbroken

COUNTER = "ledger"


@unbroken
class Ledger:
    def __init__(self, database: Database) -> None:
        self._db = database

    async def size(self) -> int:
        """How many leaves there are."""
        async with self._db.read() as c:
            last = (await c.execute(select(Counter.last).where(Counter.name == COUNTER))).scalar_one_or_none()
        return last or 0

    async def root(self, size: int) -> bytes:
        """Of the tree of the first so many leaves."""
        return (await self._hashes([(0, size)]))[0]

    async def inclusion(self, index: int, size: int) -> list[bytes]:
        """What proves, with the leaf, that it is in the tree of that size (merkle.proves_inclusion)."""
        return await self._hashes(inclusion_spans(index, size))

    async def consistency(self, old: int, size: int) -> list[bytes]:
        """What proves that the tree of the old size is the beginning of the other (merkle.proves_consistency)."""
        return await self._hashes(consistency_spans(old, size))

    async def _hashes(self, spans: list[Span]) -> list[bytes]:
        async with self._db.read() as c:
            stored = await _stored(c, (node for span in spans for node in cover(span)))
        return [root_of(span, stored) for span in spans]


async def add_leaf(c: AsyncConnection, database: Database, data: bytes) -> int:
    """Append a leaf inside somebody else's transaction, which should do little after that: others wait for their turn.

    Returns:
        Its index.
    """
    count = database.insert(Counter).values(name=COUNTER, last=1)
    count = count.on_conflict_do_update(index_elements=["name"], set_={"last": Counter.last + 1})
    index = int((await c.execute(count.returning(Counter.last))).scalar_one()) - 1
    nodes = grown(index, leaf_hash(data), await _stored(c, siblings(index)))
    rows = [{"level": level, "place": place, "hash": hash} for (level, place), hash in nodes]
    await c.execute(insert(Nodes), rows)
    return index


async def _stored(c: AsyncConnection, nodes: Iterable[Node]) -> dict[Node, bytes]:
    wanted = list(nodes)
    if not wanted:
        return {}
    found = select(Nodes.level, Nodes.place, Nodes.hash).where(tuple_(Nodes.level, Nodes.place).in_(wanted))
    return {(row.level, row.place): row.hash for row in await c.execute(found)}
