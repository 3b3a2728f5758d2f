"""Our own people (docs/definitions.md): enps, pulse, one_on_one_coverage, of the whole company. What fewer than five people
answered is not shown. `ASKED[metric, variant](staff, question)` gives {segment: Answer}."""

from fractions import Fraction
from functools import cached_property

from answers import Answer
from periods import add_months
from rows import Row, Rows, flow, latest
from statistics_exact import mean, wilson
from voice import net_promoter_score, on_scale

FEWEST_PEOPLE = 5
# Bands of scales that state none: lowest promoter, highest detractor.
BANDS = {(0, 10): (9, 6), (1, 10): (9, 6), (1, 5): (5, 3)}


class Staff:
    """What the metrics read."""

    def __init__(self, lake):
        self.lake = lake

    def answered(self, kind):
        for row in self.lake.rows("survey_responses"):
            scale = (row.scale_min, row.scale_max)
            if row.survey_kind == kind and row.responded_at and None not in scale and on_scale(row.score, *scale):
                yield row, scale

    @cached_property
    def enps(self):
        rows = []
        for row, scale in self.answered("enps"):
            promoter_from, detractor_to = BANDS.get(scale, (None, None))
            promoter_from = row.promoter_from if row.promoter_from is not None else promoter_from
            detractor_to = row.detractor_to if row.detractor_to is not None else detractor_to
            if promoter_from is not None and detractor_to is not None:
                vote = 1 if row.score >= promoter_from else -1 if row.score <= detractor_to else 0
                rows.append(Row(row.response_id, None, row.responded_at, vote, (colleague(row), row.survey)))
        return Rows(rows)

    @cached_property
    def pulse(self):
        return Rows(
            Row(row.response_id, None, row.responded_at, row.score, (colleague(row), row.survey, row.question), {"survey": row.survey, "question": row.question})
            for row, _ in self.answered("pulse")
        )

    @cached_property
    def talks(self):
        """{report: the local days of their one-on-ones}"""
        days = {}
        for row in self.lake.rows("interactions"):
            if row.kind == "one_on_one" and row.staff_id:
                days.setdefault(row.staff_id, set()).add(self.lake.calendar.day_of(row.happened_at))
        return days


def colleague(row):
    return row.staff_id or row.email or row.response_id


def shown(answer):
    few = 0 < answer.n < FEWEST_PEOPLE
    return Answer(None, None, "fewer than five people") if few else answer


def enps(rows):
    votes = [row.measured for row in rows]
    return shown(net_promoter_score(votes.count(1), votes.count(0), votes.count(-1)))


def pulse(rows):
    return shown(Answer(mean([row.measured for row in rows]), len(rows), None if rows else "no answers"))


def intervals(lake, period):
    """The whole cadence intervals of the period, as (first day, day after the last): months; weeks count from Monday 2000-01-03."""
    count, unit = lake.settings.get("one_on_one_cadence", "1 month").split()
    if unit.rstrip("s") != "month" or int(count) != 1:
        raise RuntimeError(f"one_on_one_cadence {count} {unit}: not computed here")
    first = period.first_day if period.first_day.day == 1 else add_months(period.first_day.replace(day=1), 1)
    while add_months(first, 1) <= period.end_day:
        yield first, add_months(first, 1)
        first = add_months(first, 1)


def one_on_one_coverage(staff, question):
    """Of the staff employed throughout an interval, those who had a one-on-one in it."""
    day_of = staff.lake.calendar.day_of
    due = had = 0
    for first, end in intervals(staff.lake, question.period):
        for row in staff.lake.rows("staff"):
            if row.started_at and day_of(row.started_at) <= first and (row.ended_at is None or day_of(row.ended_at) >= end):
                due += 1
                had += any(first <= day < end for day in staff.talks.get(row.staff_id, ()))
    if due == 0:
        return {None: Answer(None, 0, "no staff due a one-on-one")}
    low, high = wilson(had, due)
    return {None: Answer(Fraction(had, due), due, None, {"due": due, "held": had, "low": low, "high": high})}


ASKED = {
    ("enps", "default"): lambda staff, question: flow(staff.enps, question, enps, latest),
    ("pulse", "default"): lambda staff, question: flow(staff.pulse, question, pulse, latest, ("survey", "question")),
    ("one_on_one_coverage", "default"): one_on_one_coverage,
}
