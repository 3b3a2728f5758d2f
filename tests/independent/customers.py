"""Who is a customer when, and with how many paid seats: what the metrics of support, use, lifecycle and referral ask of the revenue.
A customer has a paid line in force that is no trial (docs/definitions.md)."""

from functools import cached_property, lru_cache

from money import read_lines
from periods import DAY, before


class Customers:
    def __init__(self, lake):
        self.lake = lake

    @cached_property
    def lines(self):
        by_account = {}
        for line in read_lines(self.lake):
            if line.row.kind == "recurring" and line.list_price > 0:
                by_account.setdefault(line.row.account_id, []).append(line)
        return by_account

    def active(self, account, at):
        return any(line.paid(at) for line in self.lines.get(account, []))

    def seats(self, account, at):
        """Paid seats in force: the line's seats, else its quantity."""
        return sum(line.row.quantity if line.row.seats is None else line.row.seats for line in self.lines.get(account, []) if line.paid(at))

    @lru_cache
    def spans(self, account):
        """[from, to) of each time it was a customer, lines that touch or overlap joined."""
        joined = []
        for line in sorted(self.lines.get(account, []), key=lambda line: line.paid_from):
            if line.paid_from >= line.end:
                continue
            if joined and line.paid_from <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], line.end)
            else:
                joined.append([line.paid_from, line.end])
        return joined

    @cached_property
    def accounts(self):
        return sorted(self.lines)

    def within(self, period):
        """Customers at any time in the period."""
        return [account for account in self.accounts if any(start < period.end and end > period.start for start, end in self.spans(account))]

    @lru_cache
    def on(self, day):
        """[(account, paid seats)] at the end of a local day."""
        close = before(self.lake.calendar.midnight(day + DAY))
        return [(account, self.seats(account, close)) for account in self.accounts if self.active(account, close)]

    def by_day(self, question):
        """The customers of each day of the period, split by the attribute at the day's end: (account, (paid seats, stretch))."""
        period = question.period
        rows = []
        for k in range((period.end_day - period.first_day).days):
            day = period.first_day + DAY * k
            close = before(self.lake.calendar.midnight(day + DAY))
            rows += [(account, close, (seats, self.lake.stretch(account, close))) for account, seats in self.on(day)]
        return question.split(rows)
