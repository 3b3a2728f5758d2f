"""Business time: the working time of a schedule between two instants.

A schedule is weekly hours in local time, a zone and holidays. Each local interval of each local date is turned into two
instants (so a day on which the clocks change has its true length), and what lies within [start, end) is added up.
"""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NOTHING = timedelta()


class Schedule:
    def __init__(self, settings):
        self.zone = ZoneInfo(settings["timezone"])
        self.holidays = {as_date(day) for day in settings.get("holidays", [])}
        self.hours = [
            [tuple(minute_of(clock) for clock in span.split("-")) for span in settings["hours"].get(day, [])]
            for day in WEEKDAYS
        ]
        self.known_days = {}

    def open_on(self, day):
        """The intervals in which the desk is open on a local date, as instants."""
        if day not in self.known_days:
            spans = [] if day in self.holidays else self.hours[day.weekday()]
            self.known_days[day] = [(self.instant(day, opens), self.instant(day, closes)) for opens, closes in spans]
        return self.known_days[day]

    def instant(self, day, minute):
        if minute == 24 * 60:
            day, minute = day + timedelta(days=1), 0
        local = datetime.combine(day, time(minute // 60, minute % 60), self.zone)
        return local.astimezone(timezone.utc)

    def between(self, start, end):
        """The time the desk was open in [start, end)."""
        total = NOTHING
        day = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in self.open_on(day):
                inside = min(closes, end) - max(opens, start)
                if inside > NOTHING:
                    total += inside
            day += timedelta(days=1)
        return total


def minute_of(clock):
    hours, minutes = clock.strip().split(":")
    return int(hours) * 60 + int(minutes)


def as_date(day):
    return day if isinstance(day, date) else date.fromisoformat(day)


def schedules_of(settings):
    """The schedules of a tenure.toml by name."""
    return {name: Schedule(schedule) for name, schedule in settings.get("schedules", {}).items()}


def accumulated(schedules, first, changes, start, end):
    """Business time in [start, end) where `first` applied at the beginning and each (at, name) of `changes` from then on.

    None where no schedule applied for some of the span: nobody knows whether that was business time.
    """
    total = NOTHING
    name, since = first, start
    for at, following in [*sorted(changes), (end, None)]:
        until = min(max(at, start), end)
        if until > since:
            if name not in schedules:
                return None
            total += schedules[name].between(since, until)
            since = until
        if at <= end and following is not None:
            name = following
    if since == start and name not in schedules:
        return None
    return total


def by_last_schedule(schedules, first, changes, start, end):
    """Business time in [start, end), all of it by the schedule in force at the end."""
    name = first
    for at, following in sorted(changes):
        if at <= end:
            name = following
    return schedules[name].between(start, end) if name in schedules else None
