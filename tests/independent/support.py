"""How customers are helped (docs/definitions.md). `ASKED[metric, variant](support, question)` gives {segment: Answer} for one period.
Times are seconds. A ticket that is spam or was merged into another is in no figure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache

from answers import Answer, each, together
from business_time import schedules_of
from customers import Customers
from rows import Row, Rows, flow
from statistics_exact import mean, percentile, wilson
from ticket_story import stories

REPEAT_WINDOW = timedelta(days=7)
P90 = Fraction(9, 10)
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Timed:
    """Seconds by the calendar and by business time; without an end, since when it is waited for."""

    calendar: Fraction | None
    business: Fraction | None
    waiting_since: datetime | None = None

    def less(self, other):
        known = self.business is not None and other.business is not None
        return Timed(self.calendar - other.calendar, self.business - other.business if known else None)


class Support:
    """What the metrics read."""

    def __init__(self, lake):
        self.lake = lake
        self.observed_to = lake.observed_to("tickets", "ticket_events")
        self.schedules = schedules_of(lake.settings)

    @cached_property
    def all_stories(self):
        return stories(self.lake.rows("tickets"), self.lake.rows("ticket_events"))

    @cached_property
    def stories(self):
        return [story for story in self.all_stories if not story.ticket.is_spam and story.ticket.merged_into is None]

    @cached_property
    def customers(self):
        return Customers(self.lake)

    @cached_property
    def created(self):
        return Rows(row_of(story, story.created_at) for story in self.stories)

    @cached_property
    def solved(self):
        """By the last solve; a ticket reopened after it has been solved all the same."""
        return Rows(row_of(story, story.solves[-1]) for story in self.stories if story.solves)

    @cached_property
    def reopened(self):
        """By the last solve: whether ever reopened, which only a log of events tells."""
        return Rows(row_of(story, story.solves[-1], bool(story.reopenings)) for story in self.stories if story.solves and story.has_log)

    @lru_cache
    def first_responses(self, schedule):
        """By creation: the time to the first reply, none while it is waited for. Who was never answered but solved waits no more."""
        return Rows(
            row_of(story, story.created_at, self.timed(story, story.created_at, story.first_reply, schedule))
            for story in self.stories
            if story.first_reply or not story.is_solved
        )

    @cached_property
    def waits(self):
        """By the first unanswered customer message."""
        return Rows(row_of(story, since, self.timed(story, since, reply, "all")) for story in self.stories for since, reply in story.waits)

    @cached_property
    def waits_by_ticket(self):
        """A ticket's waits added up, by its creation: a ticket received in the period."""
        rows = []
        for story in self.stories:
            if story.waits:
                waits = [self.timed(story, since, reply, "all") for since, reply in story.waits]
                waiting_since = next((since for since, reply in story.waits if reply is None), None)
                added = Timed(total(wait.calendar for wait in waits), total(wait.business for wait in waits), waiting_since)
                rows.append(row_of(story, story.created_at, added))
        return Rows(rows)

    @lru_cache
    def resolutions(self, schedule, without_pending=False):
        """By the last solve; a ticket reopened after it waits again. How long one was pending only a log of events tells."""
        rows = []
        for story in self.stories:
            if story.solves and (story.has_log or not without_pending):
                end = story.solves[-1]
                spent = self.timed(story, story.created_at, end if story.is_solved else None, schedule)
                if without_pending and story.is_solved:
                    for start, until in story.pending_spans(end):
                        spent = spent.less(self.timed(story, start, until, schedule))
                rows.append(row_of(story, end, spent))
        return Rows(rows)

    @cached_property
    def first_resolutions(self):
        """By the first solve, whatever came after it."""
        return Rows(
            row_of(story, story.solves[0], self.timed(story, story.created_at, story.solves[0], "all"))
            for story in self.stories
            if story.solves
        )

    def timed(self, story, start, end, schedule):
        """No time without an end."""
        if end is None:
            return Timed(None, None, start)
        business = self.business(story, start, end, schedule)
        return Timed(seconds(end - start), None if business is None else seconds(business))

    def business(self, story, start, end, schedule):
        if schedule == "last":
            return story.business_by_last_schedule(self.schedules, start, end)
        return story.business(self.schedules, start, end)

    @cached_property
    def asked_by(self):
        """The tickets that customers opened, by requester. One merged into another is part of that one."""
        by_requester = {}
        for story in self.stories:
            if story.ticket.requester_id and story.ticket.opened_by == "customer":
                by_requester.setdefault(story.ticket.requester_id, []).append(story)
        return by_requester

    def asked_again(self, story):
        """A new ticket of the same requester within the window after the solve, of the same category where both are known."""
        solve = story.solves[-1]
        return any(
            solve < other.created_at <= solve + REPEAT_WINDOW and same_category(story, other)
            for other in self.asked_by.get(story.ticket.requester_id, [])
            if other is not story
        )

    @lru_cache
    def first_contacts(self, rule, population):
        """By the last solve: whether the rule calls it resolved at first contact, which only a log of events tells."""
        logged = (story for story in self.stories if story.solves and story.has_log)
        return Rows(row_of(story, story.solves[-1], rule(self, story)) for story in logged if population(self, story))


def row_of(story, at, measured=None):
    return Row(story.ticket.ticket_id, story.ticket.account_id, at, measured)


def seconds(duration):
    return Fraction(duration // timedelta(microseconds=1), 1_000_000)


def total(values):
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def same_category(one, other):
    categories = {one.ticket.category, other.ticket.category} - {None}
    return len(categories) < 2


# First-contact resolution: of which tickets. A vendor's variant has its own numerator and its own denominator: what is solved now.


def by_customer(support, story):
    return story.ticket.opened_by != "agent"


def by_customer_and_mature(support, story):
    return by_customer(support, story) and story.solves[-1] <= support.observed_to - REPEAT_WINDOW


def by_customer_and_solved(support, story):
    return by_customer(support, story) and story.is_solved


def solved(support, story):
    return story.is_solved


# First-contact resolution: the rules.


def first_contact(support, story):
    return len(story.replies) == 1 and not story.reopenings and not support.asked_again(story)


def zendesk(support, story):
    return len(story.replies_but_the_opening) < 2


def dbt_zendesk(support, story):
    return len(story.replies) == 1


def no_reopen(support, story):
    return not story.reopenings


def no_customer_reply(support, story):
    return len(story.questions) <= 1


# Answers.


def times(support):
    """The mean, and how it is spread; of those still waiting, how many and since when."""

    def answer(rows):
        spent = [row.measured for row in rows]
        calendar = [one.calendar for one in spent if one.calendar is not None]
        business = [one.business for one in spent if one.business is not None]
        waiting = [one.waiting_since for one in spent if one.waiting_since]
        parts = {
            "median": percentile(calendar, HALF),
            "p90": percentile(calendar, P90),
            "business_mean": mean(business),
            "business_median": percentile(business, HALF),
            "waiting": len(waiting),
            "oldest_wait": seconds(support.observed_to - min(waiting)) if waiting else None,
        }
        return Answer(mean(calendar), len(rows), None if calendar else "no tickets", parts)

    return answer


def share(rows):
    n, good = len(rows), sum(row.measured for row in rows)
    if n == 0:
        return Answer(None, 0, "no tickets")
    low, high = wilson(good, n)
    return Answer(Fraction(good, n), n, None, {"low": low, "high": high})


def count(rows):
    return Answer(len(rows), len(rows))


def backlog(support, question):
    """Created and not solved, as things stood at the close."""
    end = question.period.end
    waiting = ((story.ticket.account_id, question.close, story) for story in support.stories if story.is_open_before(end))
    return each(question.split(waiting), lambda rows: ages([end - story.created_at for _, story in rows]))


def ages(waiting):
    ages = [seconds(age) for age in waiting]
    return Answer(len(ages), len(ages), None, {"median_age": percentile(ages, HALF), "oldest": max(ages, default=None)})


def tickets_per_account(per):
    """Tickets created over the daily mean of active customers, or of a hundred of their paid seats."""

    def asked(support, question):
        stretch = question.lake.stretch
        created = support.created.within(question.period)
        tickets = question.split((row.account, row.at, (row, stretch(row.account, row.at))) for row in created)
        return each(together(tickets, support.customers.by_day(question)), lambda both: divided(both[0], both[1], question, per))

    return asked


def divided(tickets, daily, question, per):
    """`daily` has each customer (account, paid seats, stretch) once a day. Counted are the accounts that were customers or asked, one whose
    attributes changed once for each stretch of time they stayed the same."""
    days = (question.period.end_day - question.period.first_day).days
    held = sum(1 if per == "account" else seats for _, (seats, _) in daily)
    mean_held = Fraction(held, days) / (1 if per == "account" else 100)
    accounts = {(account, stretch) for account, (_, stretch) in daily} | {(account, stretch) for account, (_, stretch) in tickets}
    parts = {"tickets": len(tickets), "customers": Fraction(len(daily), days)}
    if mean_held == 0:
        return Answer(None, len(accounts), "no customers", parts)
    return Answer(len(tickets) / mean_held, len(accounts), None, parts)


def timed(rows_of):
    return lambda support, question: flow(rows_of(support), question, times(support))


def first_contact_resolution(rule, population):
    return lambda support, question: flow(support.first_contacts(rule, population), question, share)


ASKED = {
    ("first_response_time", "default"): timed(lambda support: support.first_responses("all")),
    ("first_response_time", "last_schedule"): timed(lambda support: support.first_responses("last")),
    ("average_response_time", "default"): timed(lambda support: support.waits),
    ("average_response_time", "per_ticket"): timed(lambda support: support.waits_by_ticket),
    ("resolution_time", "default"): timed(lambda support: support.resolutions("all")),
    ("resolution_time", "first_resolution"): timed(lambda support: support.first_resolutions),
    ("resolution_time", "without_pending"): timed(lambda support: support.resolutions("all", True)),
    ("resolution_time", "last_schedule"): timed(lambda support: support.resolutions("last")),
    ("first_contact_resolution", "default"): first_contact_resolution(first_contact, by_customer_and_mature),
    ("first_contact_resolution", "zendesk"): first_contact_resolution(zendesk, solved),
    ("first_contact_resolution", "dbt_zendesk"): first_contact_resolution(dbt_zendesk, solved),
    ("first_contact_resolution", "no_reopen"): first_contact_resolution(no_reopen, by_customer),
    ("first_contact_resolution", "no_customer_reply"): first_contact_resolution(no_customer_reply, by_customer_and_solved),
    ("ticket_volume", "default"): lambda support, question: flow(support.created, question, count),
    ("ticket_volume", "by_solve"): lambda support, question: flow(support.solved, question, count),
    ("tickets_per_account", "default"): tickets_per_account("account"),
    ("tickets_per_account", "per_100_seats"): tickets_per_account("seats"),
    ("reopen_rate", "default"): lambda support, question: flow(support.reopened, question, share),
    ("backlog", "default"): backlog,
}
