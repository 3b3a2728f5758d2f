"""How customers are helped (DEFINITIONS section 5). `ASKED[metric, variant](support, question)` gives {segment: Answer} for one period.
Times are seconds. A ticket that is spam or was merged into another is in no figure."""

from datetime import timedelta
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


class Support:
    """What the metrics read."""

    def __init__(self, lake):
        self.lake = lake
        self.observed_to = lake.observed_to("tickets", "ticket_events")
        self.schedules = schedules_of(lake.settings)

    @cached_property
    def stories(self):
        told = stories(self.lake.rows("tickets"), self.lake.rows("ticket_events"))
        return [story for story in told if not story.ticket.is_spam and story.ticket.merged_into is None]

    @cached_property
    def customers(self):
        return Customers(self.lake)

    @cached_property
    def created(self):
        return Rows(row_of(story, story.created_at) for story in self.stories)

    @cached_property
    def solved(self):
        """By the last solve, whether ever reopened; a ticket reopened after it has been solved all the same."""
        return Rows(row_of(story, story.solves[-1], bool(story.reopenings)) for story in self.stories if story.solves)

    @lru_cache
    def first_responses(self, schedule):
        """By creation: the time to the first reply, nothing while one is waited for. Who was never answered but solved waits no more."""
        return Rows(
            row_of(story, story.created_at, self.timed(story, story.created_at, story.first_reply, schedule))
            for story in self.stories
            if story.first_reply or not story.is_solved
        )

    @cached_property
    def waits(self):
        """By the first unanswered customer message."""
        return Rows(row_of(story, since, self.timed(story, since, reply, "all")) for story in self.stories for since, reply in story.waits)

    @lru_cache
    def resolutions(self, schedule, which=-1, without_pending=False):
        rows = []
        for story in self.stories:
            if story.is_solved:
                end = story.solves[which]
                calendar, business = self.timed(story, story.created_at, end, schedule)
                if without_pending:
                    for start, until in story.pending_spans(end):
                        own_calendar, own_business = self.timed(story, start, until, schedule)
                        calendar -= own_calendar
                        business = None if business is None or own_business is None else business - own_business
                rows.append(row_of(story, end, (calendar, business)))
        return Rows(rows)

    def timed(self, story, start, end, schedule):
        """(calendar, business) seconds; no time without an end."""
        if end is None:
            return None, None
        business = self.business(story, start, end, schedule)
        return seconds(end - start), None if business is None else seconds(business)

    def business(self, story, start, end, schedule):
        if schedule == "last":
            return story.business_by_last_schedule(self.schedules, start, end)
        return story.business(self.schedules, start, end)

    @cached_property
    def asked_by(self):
        """The tickets that customers opened, by requester, in order of creation."""
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
    def first_contacts(self, rule):
        """By the last solve, what agents opened left out: whether the rule calls it resolved at first contact."""
        mature_before = self.observed_to - REPEAT_WINDOW
        return Rows(
            row_of(story, story.solves[-1], rule(self, story))
            for story in self.stories
            if story.solves and story.ticket.opened_by != "agent" and (rule is not first_contact or story.solves[-1] <= mature_before)
        )


def row_of(story, at, measured=None):
    return Row(story.ticket.ticket_id, story.ticket.account_id, at, measured)


def seconds(duration):
    return Fraction(duration // timedelta(microseconds=1), 1_000_000)


def same_category(one, other):
    categories = {one.ticket.category, other.ticket.category} - {None}
    return len(categories) < 2


# The rules of first-contact resolution.


def first_contact(support, story):
    return len(story.replies) == 1 and not story.reopenings and not support.asked_again(story)


def zendesk(support, story):
    return len(story.replies) < 2


def dbt_zendesk(support, story):
    return len(story.replies) == 1


def no_reopen(support, story):
    return not story.reopenings


def no_customer_reply(support, story):
    return len(story.questions) <= 1


# Answers.


def times(rows):
    """Mean, median and 90th percentile; of those still waiting, only that they are."""
    calendar = [row.measured[0] for row in rows if row.measured[0] is not None]
    business = [row.measured[1] for row in rows if row.measured[1] is not None]
    parts = {
        "median": percentile(calendar, HALF),
        "p90": percentile(calendar, P90),
        "business": mean(business),
        "waiting": len(rows) - len(calendar),
    }
    return Answer(mean(calendar), len(rows), None if calendar else "no tickets", parts)


def mean_per_ticket(rows):
    """Each ticket's waits added up."""
    total = {}
    for row in rows:
        if row.measured[0] is not None:
            total[row.row_id] = total.get(row.row_id, 0) + row.measured[0]
    return Answer(mean(list(total.values())), len(total), None if total else "no tickets")


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
    return each(question.split(waiting), count)


def tickets_per_account(per):
    """Tickets created over the daily mean of active customers, or of a hundred of their paid seats."""

    def asked(support, question):
        tickets = question.split((row.account, row.at, row) for row in support.created.within(question.period))
        return each(together(tickets, support.customers.by_day(question)), lambda both: divided(both[0], both[1], question, per))

    return asked


def divided(tickets, daily, question, per):
    days = (question.period.end_day - question.period.first_day).days
    held = sum(1 if per == "account" else seats for _, seats in daily)
    mean_held = Fraction(held, days) / (1 if per == "account" else 100)
    if mean_held == 0:
        return Answer(None, len(tickets), "no customers")
    return Answer(len(tickets) / mean_held, len(tickets))


def first_response_time(schedule):
    return lambda support, question: flow(support.first_responses(schedule), question, times)


def resolution_time(*how):
    return lambda support, question: flow(support.resolutions(*how), question, times)


def first_contact_resolution(rule):
    return lambda support, question: flow(support.first_contacts(rule), question, share)


ASKED = {
    ("first_response_time", "default"): first_response_time("all"),
    ("first_response_time", "last_schedule"): first_response_time("last"),
    ("average_response_time", "default"): lambda support, question: flow(support.waits, question, times),
    ("average_response_time", "per_ticket"): lambda support, question: flow(support.waits, question, mean_per_ticket),
    ("resolution_time", "default"): resolution_time("all"),
    ("resolution_time", "first_resolution"): resolution_time("all", 0),
    ("resolution_time", "without_pending"): resolution_time("all", -1, True),
    ("resolution_time", "last_schedule"): resolution_time("last"),
    ("first_contact_resolution", "default"): first_contact_resolution(first_contact),
    ("first_contact_resolution", "zendesk"): first_contact_resolution(zendesk),
    ("first_contact_resolution", "dbt_zendesk"): first_contact_resolution(dbt_zendesk),
    ("first_contact_resolution", "no_reopen"): first_contact_resolution(no_reopen),
    ("first_contact_resolution", "no_customer_reply"): first_contact_resolution(no_customer_reply),
    ("ticket_volume", "default"): lambda support, question: flow(support.created, question, count),
    ("ticket_volume", "by_solve"): lambda support, question: flow(support.solved, question, count),
    ("tickets_per_account", "default"): tickets_per_account("account"),
    ("tickets_per_account", "per_100_seats"): tickets_per_account("seats"),
    ("reopen_rate", "default"): lambda support, question: flow(support.solved, question, share),
    ("backlog", "default"): backlog,
}
