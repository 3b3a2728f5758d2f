"""What customers say (docs/definitions.md): nps, csat, ces, response_rate; what the staff say is in staff.py.
`ASKED[metric, variant](voice, question)` gives {segment: Answer} for one period."""

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from functools import cached_property, lru_cache

from answers import Answer
from money import Rates, read_lines
from rows import Row, Rows, flow, latest
from statistics_exact import adjusted_wald, mean, wilson

ANSWER_WINDOW = timedelta(days=30)
NOBODY = "no answers"

SATISFIED_FROM = {(1, 2): 2, (1, 3): 3, (1, 5): 4, (1, 7): 6, (0, 10): 9}
NEUTRAL = {(1, 3): (2, 2), (1, 5): (3, 3), (1, 7): (4, 5), (0, 10): (7, 8)}

# Of CES by version and scale: what is easy, what is hard.
EASY_HARD = {
    ("1.0", (1, 5)): ((1, 2), (4, 5)),
    ("2.0", (1, 7)): ((5, 7), (1, 3)),
    ("2.0", (1, 5)): ((4, 5), (1, 2)),
}


class Voice:
    """What the metrics read."""

    def __init__(self, lake):
        self.lake = lake

    @lru_cache
    def nps(self, touch):
        """Answers on the 0-10 scale; one that is empty or off it is no answer."""
        return Rows(
            Row(row.response_id, row.account_id, row.responded_at, row.score, (person_of(row), row.account_id, row.survey))
            for row in self.dated("nps")
            if row.touch == touch and on_scale(row.score, 0, 10)
        )

    @cached_property
    def csat(self):
        """Ratings on a stated scale whose satisfied scores are known: from the survey itself, else from the list."""
        rows = []
        for row in self.dated("csat"):
            scale = (row.scale_min, row.scale_max)
            satisfied = row.satisfied_from if row.satisfied_from is not None else SATISFIED_FROM.get(scale)
            if None not in scale and satisfied is not None and on_scale(row.score, *scale):
                touchpoint = ("ticket", row.ticket_id) if row.ticket_id else ("answer", row.response_id)
                measured = (row.score, satisfied, scale)
                rows.append(Row(row.response_id, row.account_id, row.responded_at, measured, touchpoint, {"scale": named(scale)}))
        return Rows(rows)

    @cached_property
    def ces(self):
        rows = []
        for row in self.dated("ces"):
            scale = (row.scale_min, row.scale_max)
            if None not in scale and on_scale(row.score, *scale):
                dims = {"version": row.version, "scale": named(scale)}
                rows.append(Row(row.response_id, row.account_id, row.responded_at, (row.score, (row.version, scale)), dims=dims))
        return Rows(rows)

    @cached_property
    def ces_with_easy_set(self):
        return Rows(row for row in self.ces.rows if row.measured[1] in EASY_HARD)

    def dated(self, kind):
        return (row for row in self.lake.rows("survey_responses") if row.survey_kind == kind and row.responded_at)

    @lru_cache
    def invitations(self, audience, delivered_only):
        """Each invitation once, by its sending; an answer to a reminder is an answer to what it reminds of, and so is a comment without a score."""
        sends = {row.send_id: row for row in self.lake.rows("survey_sends")}
        answered = set()
        for row in self.lake.rows("survey_responses"):
            if row.send_id in sends and row.responded_at and (row.score is not None or row.comment is not None):
                asked = first_of(sends, row.send_id)
                if asked in sends and row.responded_at - sends[asked].sent_at <= ANSWER_WINDOW:
                    answered.add(asked)
        return Rows(
            Row(row.send_id, row.account_id, row.sent_at, row.send_id in answered, dims={"survey_kind": row.survey_kind, "audience": audience})
            for row in sends.values()
            if row.audience == audience and row.reminder_of is None and (row.delivered or not delivered_only)
        )

    @cached_property
    def rates(self):
        return Rates(self.lake)

    @cached_property
    def paid_lines(self):
        lines = defaultdict(list)
        for line in read_lines(self.lake):
            if line.row.kind == "recurring":
                lines[line.row.account_id].append(line)
        return lines

    def mrr(self, account, at):
        """What an account pays a month at an instant, in the workspace's currency."""
        held = defaultdict(Fraction)
        for line in self.paid_lines.get(account, []):
            if line.paid(at):
                held[line.row.currency] += line.monthly(at)
        return self.rates.convert(held, self.lake.calendar.day_of(at))


def person_of(row):
    """Who answered: the contact, else the address, else the answer itself."""
    return ("contact", row.contact_id) if row.contact_id else ("email", row.email) if row.email else ("answer", row.response_id)


def on_scale(score, lowest, highest):
    return score is not None and score.denominator == 1 and lowest <= score <= highest


def named(scale):
    return "-".join(str(end) for end in scale)


def first_of(sends, send_id):
    """The invitation that a reminder, or a reminder of a reminder, reminds of."""
    seen = set()
    while send_id in sends and sends[send_id].reminder_of and send_id not in seen:
        seen.add(send_id)
        send_id = sends[send_id].reminder_of
    return send_id


def net_promoter_score(promoters, passives, detractors):
    n = promoters + passives + detractors
    parts = {"promoters": promoters, "passives": passives, "detractors": detractors}
    if n == 0:
        return Answer(None, 0, NOBODY, parts)
    low, high = adjusted_wald(detractors, passives, promoters)
    return Answer(Fraction(100 * (promoters - detractors), n), n, None, {**parts, "low": low, "high": high})


def of_answers(rows):
    promoters = sum(row.measured >= 9 for row in rows)
    detractors = sum(row.measured <= 6 for row in rows)
    return net_promoter_score(promoters, len(rows) - promoters - detractors, detractors)


def of_accounts(rows):
    """An account is the mean of its people. An answer of no account stands alone."""
    scores = defaultdict(list)
    for row in rows:
        scores[row.account or ("nobody's", row.row_id)].append(row.measured)
    means = [mean(own) for own in scores.values()]
    promoters = sum(score >= 9 for score in means)
    detractors = sum(score <= 6 for score in means)
    return net_promoter_score(promoters, len(means) - promoters - detractors, detractors)


def revenue_weighted(voice, rows):
    net = total = Fraction(0)
    counted = 0
    for row in rows:
        worth = voice.mrr(row.account, row.at)
        if worth > 0:
            counted += 1
            total += worth
            net += worth * ((row.measured >= 9) - (row.measured <= 6))
    return Answer(100 * net / total, counted, None, {"weight": total}) if counted else Answer(None, 0, NOBODY)


def share(part, n, **parts):
    if n == 0:
        return Answer(None, 0, NOBODY, parts)
    low, high = wilson(part, n)
    return Answer(Fraction(part, n), n, None, {**parts, "low": low, "high": high})


def satisfied(rows):
    return sum(score >= lowest for score, lowest, _ in (row.measured for row in rows))


def is_neutral(row):
    score, satisfied_from, scale = row.measured
    lowest, highest = NEUTRAL.get(scale, (1, 0))
    return lowest <= score <= highest and score < satisfied_from


def satisfied_share(rows):
    return share(satisfied(rows), len(rows), satisfied=satisfied(rows), mean=mean([row.measured[0] for row in rows]))


def good_over_good_bad(rows):
    return share(satisfied(rows), sum(not is_neutral(row) for row in rows), satisfied=satisfied(rows))


def mean_score(rows):
    scores = [row.measured[0] for row in rows]
    return Answer(mean(scores), len(scores), None if scores else NOBODY)


def within(row, side):
    score, kind = row.measured
    lowest, highest = EASY_HARD[kind][side]
    return lowest <= score <= highest


def easy_share(rows):
    return share(sum(within(row, 0) for row in rows), len(rows))


def easy_less_hard(rows):
    net = sum(within(row, 0) - within(row, 1) for row in rows)
    return Answer(Fraction(net, len(rows)), len(rows)) if rows else Answer(None, 0, NOBODY)


def answered_share(rows):
    answered = sum(row.measured for row in rows)
    return share(answered, len(rows), answered=answered)


def nps(touch, measure, fold=latest):
    return lambda voice, question: flow(voice.nps(touch), question, measure, fold)


def csat(measure):
    return lambda voice, question: flow(voice.csat, question, measure, latest, ("scale",))


def ces(rows_of, measure):
    return lambda voice, question: flow(rows_of(voice), question, measure, dims=("version", "scale"))


def response_rate(audience, delivered_only):
    return lambda voice, question: flow(voice.invitations(audience, delivered_only), question, answered_share, dims=("survey_kind", "audience"))


ASKED = {
    ("nps", "default"): nps("relationship", of_answers),
    ("nps", "per_response"): nps("relationship", of_answers, list),
    ("nps", "per_account"): nps("relationship", of_accounts),
    ("nps", "transactional"): nps("transactional", of_answers),
    ("nps", "revenue_weighted"): lambda voice, question: flow(
        voice.nps("relationship"), question, lambda rows: revenue_weighted(voice, rows), latest),
    ("csat", "default"): csat(satisfied_share),
    ("csat", "good_over_good_bad"): csat(good_over_good_bad),
    ("csat", "mean"): csat(mean_score),
    ("ces", "default"): ces(lambda voice: voice.ces, mean_score),
    ("ces", "percent_easy"): ces(lambda voice: voice.ces_with_easy_set, easy_share),
    ("ces", "net"): ces(lambda voice: voice.ces_with_easy_set, easy_less_hard),
    ("response_rate", "default"): response_rate("customer", True),
    ("response_rate", "over_sent"): response_rate("customer", False),
    ("response_rate", "staff"): response_rate("staff", True),
}
