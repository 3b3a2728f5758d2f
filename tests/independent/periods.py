"""Time as docs/decisions.md has it: instants are aware UTC datetimes, days are local days of the workspace's zone.

`Period`         half-open [start, end) between two local midnights, with its first day, its day after the last, and a label.
`month(y, m)`    one calendar month; `months(last, observed_to)` the last complete ones, oldest first.
`before(T)`      the instant just before T (T - 1 microsecond). "At the opening" or "at the close" of a period means before its
                 start or before its end: everything that happened earlier, nothing that happens on the boundary itself.
`Calendar(zone)` turns instants into local days and local days into instants.
`add_months(day, k)` the same day of another month, clipped to that month's length.
"""
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo
import calendar as month_lengths

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


def before(instant):
    return instant - MICROSECOND


def add_months(day, count):
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Period:
    label: str
    first_day: date
    end_day: date        # the day after the last
    start: datetime
    end: datetime

    def contains(self, instant):
        return instant is not None and self.start <= instant < self.end

    def contains_day(self, day):
        return day is not None and self.first_day <= day < self.end_day


class Calendar:
    def __init__(self, zone_name):
        self.zone = ZoneInfo(zone_name)

    def midnight(self, day):
        """The instant at which a local day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(timezone.utc)

    def day_of(self, instant):
        """The local day an instant falls on."""
        return None if instant is None else instant.astimezone(self.zone).date()

    def local(self, instant):
        """The instant with the local clock's reading."""
        return instant.astimezone(self.zone)

    def plus_days(self, instant, days):
        """So many local days later at the same local time (a day with a DST change is a day)."""
        moved = self.local(instant).replace(tzinfo=None) + timedelta(days=days)
        return moved.replace(tzinfo=self.zone).astimezone(timezone.utc)

    def range(self, first_day, end_day, label=None):
        return Period(label or f"{first_day}..{end_day}", first_day, end_day, self.midnight(first_day), self.midnight(end_day))

    def month(self, year, month):
        first = date(year, month, 1)
        return self.range(first, add_months(first, 1), f"{year:04d}-{month:02d}")

    def months(self, last, observed_to):
        """The `last` complete calendar months: those that end at or before observed_to."""
        newest = self.local(observed_to).date().replace(day=1)
        starts = [add_months(newest, -k) for k in range(last, 0, -1)]
        return [self.month(day.year, day.month) for day in starts]

    def month_before(self, period, count=1):
        """The calendar month `count` months before a month."""
        first = add_months(period.first_day, -count)
        return self.month(first.year, first.month)

    def window(self, period, months):
        """The window of so many months that ends where the period ends."""
        return self.range(add_months(period.end_day, -months), period.end_day)
