"""What happened to each ticket, read from its events once: replies, waits, solves, reopenings, statuses, schedules."""

from dataclasses import dataclass, field

from business_time import accumulated, by_last_schedule

DONE = {"solved", "closed"}


@dataclass
class Story:
    ticket: tuple  # the row of `tickets`
    replies: list = field(default_factory=list)  # public messages of agents: the human replies
    questions: list = field(default_factory=list)  # messages of the customer, the opening one included
    waits: list = field(default_factory=list)  # (first unanswered customer message, reply or None)
    solves: list = field(default_factory=list)
    reopenings: list = field(default_factory=list)
    statuses: list = field(default_factory=list)  # (at, status)
    schedule_changes: list = field(default_factory=list)  # (at, schedule)
    has_log: bool = True  # else only the first reply and the last solve are known

    @property
    def created_at(self):
        return self.ticket.created_at

    @property
    def is_solved(self):
        """Solved, and not reopened since."""
        return len(self.solves) > len(self.reopenings)

    def is_open_before(self, end):
        """Created before `end`, and by then not solved or solved and reopened."""
        solves = sum(at < end for at in self.solves)
        reopenings = sum(at < end for at in self.reopenings)
        return self.created_at < end and solves <= reopenings

    @property
    def first_reply(self):
        """The first public human reply; an agent who opens a ticket writes its first message, so there it is the second."""
        return next(iter(self.replies_but_the_opening), None)

    @property
    def replies_but_the_opening(self):
        """The public human replies without the message with which an agent opened the ticket."""
        return self.replies[1:] if self.ticket.opened_by == "agent" else self.replies

    def business(self, schedules, start, end):
        return accumulated(schedules, self.ticket.schedule, self.schedule_changes, start, end)

    def business_by_last_schedule(self, schedules, start, end):
        return by_last_schedule(schedules, self.ticket.schedule, self.schedule_changes, start, end)

    def pending_spans(self, end):
        """The spans before `end` in which the ticket stood in status pending."""
        following = [at for at, _ in self.statuses[1:]] + [end]
        spans = ((at, min(until, end)) for (at, status), until in zip(self.statuses, following) if status == "pending")
        return [(start, until) for start, until in spans if start < until]


def stories(tickets, events):
    """The story of each ticket, spam and merged ones too, in order of creation."""
    by_ticket = {}
    for event in events:
        by_ticket.setdefault(event.ticket_id, []).append(event)
    told = []
    for ticket in sorted(tickets, key=lambda ticket: (ticket.created_at, ticket.ticket_id)):
        own = sorted(by_ticket.get(ticket.ticket_id, []), key=lambda event: (event.at, event.event_id))
        told.append(from_events(ticket, own) if own else without_events(ticket))
    return told


def without_events(ticket):
    story = Story(ticket, has_log=False)
    story.questions = [ticket.created_at]
    if ticket.first_reply_at:
        story.replies = [ticket.first_reply_at]
    if ticket.solved_at:
        story.solves = [ticket.solved_at]
    if story.replies:
        story.waits = [(ticket.created_at, story.replies[0])]
    elif not story.solves:
        story.waits = [(ticket.created_at, None)]
    return story


def from_events(ticket, events):
    story = Story(ticket)
    done = False
    unanswered = None
    for event in events:
        at, kind = event.at, event.kind
        if kind == "schedule":
            story.schedule_changes.append((at, event.schedule))
        elif kind == "message" and event.actor == "customer" and event.public:
            story.questions.append(at)
            unanswered = unanswered or at
        elif kind == "message" and event.actor == "agent" and event.public:
            story.replies.append(at)
            if unanswered:
                story.waits.append((unanswered, at))
                unanswered = None
        elif kind == "status":
            story.statuses.append((at, event.status))
            if event.status in DONE and not done:
                # Solved without an answer: nobody waits any longer, and a reopening starts the clock anew.
                story.solves.append(at)
                unanswered = None
            elif event.status not in DONE and done:
                story.reopenings.append(at)
            done = event.status in DONE
    if unanswered:
        story.waits.append((unanswered, None))
    return story
