"""Things that happened, and a flow's answer over them.

`Row`    one thing that may count: whose it is, when, its own dimensions and what was measured.
`Rows`   many of them, by instant: `within(period)`.
`flow`   the rows of the asked period, folded, then split by the account's attribute as of each row's instant, then measured.
Where a metric is always split by dimensions of its own (`dims`), a segment is (the attribute's value, (the dimensions' values)).
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from answers import each


@dataclass
class Row:
    row_id: str
    account: str | None
    at: datetime
    measured: Any = None
    key: tuple = ()
    dims: dict = field(default_factory=dict)


class Rows:
    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda row: (row.at, row.row_id))
        self.instants = [row.at for row in self.rows]

    def within(self, period):
        return self.rows[bisect_left(self.instants, period.start) : bisect_left(self.instants, period.end)]


def latest(rows):
    """Of the rows with one key, the latest by instant, then id."""
    kept = {}
    for row in rows:
        before = kept.get(row.key)
        if before is None or (before.at, before.row_id) < (row.at, row.row_id):
            kept[row.key] = row
    return list(kept.values())


def flow(rows, question, measure, fold=list, dims=()):
    """{segment: Answer} of the period's rows; `measure` answers for a list of rows."""
    groups = question.split((row.account, row.at, row) for row in fold(rows.within(question.period)))
    groups = {segment: [row for _, row in members] for segment, members in groups.items()}
    return each(by_dims(groups, dims) if dims else groups, measure)


def by_dims(groups, dims):
    parts = defaultdict(list)
    for segment, members in groups.items():
        for row in members:
            parts[segment, tuple(row.dims[dim] for dim in dims)].append(row)
    return parts
