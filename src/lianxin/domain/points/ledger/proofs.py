"""Proofs over several tables at once: awards against claims, closings against transfers, and what is under way."""

from collections.abc import Iterator

from lianxin.domain.points.ledger import sql

_CLAIMS = (
    "SELECT txn, home, SUM(claimed), SUM(given) FROM ("
    " SELECT txn_id AS txn, household_id AS home, points AS claimed, 0 AS given FROM points_claim"
    " WHERE txn_id IS NOT NULL"
    " UNION ALL SELECT t.txn_id, a.owner, 0, t.points FROM points_transfer t"
    " JOIN points_txn x ON x.id = t.txn_id JOIN points_account a ON a.id = t.dst_id WHERE x.kind = 'award'"
    ") both_sides GROUP BY txn, home HAVING SUM(claimed) <> SUM(given) ORDER BY 1, 2"
)
_SNAPSHOTS = (
    "SELECT account, period, SUM(kept), SUM(moved) FROM ("
    " SELECT s.account_id AS account, s.period_id AS period, s.moved AS kept, 0 AS moved FROM points_balancesnapshot s"
    " UNION ALL SELECT t.dst_id, x.period_id, 0, t.points FROM points_transfer t JOIN points_txn x ON x.id = t.txn_id"
    " UNION ALL SELECT t.src_id, x.period_id, 0, -t.points FROM points_transfer t JOIN points_txn x ON x.id = t.txn_id"
    ") sums JOIN points_account a ON a.id = account JOIN points_period p ON p.id = period"
    " WHERE NOT a.guarded AND p.state = 'closed' GROUP BY account, period HAVING SUM(kept) <> SUM(moved) ORDER BY 1, 2"
)
_TRANSIT = (
    "SELECT COALESCE(SUM(CASE WHEN d.kind = 'transit' THEN t.points ELSE 0 END"
    " - CASE WHEN s.kind = 'transit' THEN t.points ELSE 0 END), 0) FROM points_transfer t"
    " JOIN points_account d ON d.id = t.dst_id JOIN points_account s ON s.id = t.src_id"
)


def list_claim_differences() -> Iterator[str]:
    """Hold every award against its claims, household by household."""
    for txn, home, claimed, given in sql.rows(_CLAIMS):
        yield f"award {sql.as_uuid(txn)} gave household {sql.as_uuid(home)} {given} points, its claims say {claimed}"


def list_derived_differences() -> Iterator[str]:
    """Hold what was kept at each closing against what moved; what left one book has to have entered another."""
    for account, period, kept, moved in sql.rows(_SNAPSHOTS):
        where = f"account {sql.as_uuid(account)} keeps {kept} for period {sql.as_uuid(period)}"
        yield f"{where}, its transfers come to {moved}"
    [(under_way,)] = sql.rows(_TRANSIT)
    if under_way:
        yield f"{under_way} points left one community's book and entered no other"
