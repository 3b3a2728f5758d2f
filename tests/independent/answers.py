"""One asked period and attribute, and the answers by segment.

`Question.split(rows)` groups (account, instant, what) by the account's attribute as of the instant: a flow's row gives its own
instant, a stock the close, a panel the opening. Without an attribute everything is one segment, None.
"""
from collections import defaultdict
from dataclasses import dataclass, field

from money import MissingRate
from periods import before

WHOLE = None


@dataclass
class Answer:
    value: object
    n: int
    reason: str | None = None
    parts: dict = field(default_factory=dict)


@dataclass
class Question:
    lake: object
    period: object
    by: str | None = None

    @property
    def opening(self):
        return before(self.period.start)

    @property
    def close(self):
        return before(self.period.end)

    def segment(self, account, at):
        return self.lake.attribute(account, self.by, at) if self.by else WHOLE

    def split(self, rows):
        groups = defaultdict(list)
        if not self.by:
            groups[WHOLE] = []
        for account, at, what in rows:
            groups[self.segment(account, at)].append((account, what))
        return groups

    def at_opening(self, rows):
        return self.split((account, self.opening, what) for account, what in rows)

    def at_close(self, rows):
        return self.split((account, self.close, what) for account, what in rows)

    def on_day(self, rows):
        """Rows (account, local day, what): a day's rows are as of its first instant."""
        midnight = self.lake.calendar.midnight
        return self.split((account, midnight(day), what) for account, day, what in rows)


def each(groups, answer):
    """Answers every group; a missing exchange rate makes it null with that reason."""
    answers = {}
    for segment, rows in groups.items():
        try:
            answers[segment] = answer(rows)
        except MissingRate as missing:
            answers[segment] = Answer(None, len(rows), str(missing))
    return answers


def together(*parts):
    """Several splits as {segment: (rows of the first, rows of the second, ...)}, over the segments of any."""
    segments = {segment for part in parts for segment in part}
    return {segment: tuple(part.get(segment, []) for part in parts) for segment in segments}


def ratio(numerator, denominator, n, reason, **parts):
    if denominator == 0:
        return Answer(None, n, reason, parts)
    return Answer(numerator / denominator, n, None, parts)
