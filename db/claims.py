"""How rows are claimed: one statement that no two claimers can both have a row of, on either database."""

from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from db.models import Errand, Inbox, Job, Outbox

NOW: BindParameter[Any] = bindparam("now")


def claiming(table: type[Inbox | Job | Outbox | Errand], due: Select[Any], *fields: Any) -> ReturningUpdate[Any]:
    """Claims up to :n of the due rows for :worker until :until, and gives their fields.

    The rows are chosen in a CTE: PostgreSQL may run a bare subquery with LIMIT more than once. SQLite, where there is
    one writer, knows no FOR UPDATE and leaves it out.
    """
    limited = due.limit(bindparam("n", type_=Integer)).with_for_update(skip_locked=True, of=table)
    ids = limited.cte("due")
    claimed = {"worker": bindparam("worker"), "due_at": bindparam("until"), "lease": table.lease + 1}
    return update(table).where(table.id.in_(select(ids.c.id))).values(**claimed).returning(*fields)


def claim_values(worker: str, n: int, lease_s: float, now: float) -> dict[str, Any]:
    return {"worker": worker, "n": n, "until": now + lease_s, "now": now}
