"""How customers stand (docs/definitions.md): health_score and accounts_at_risk, of the scores that the workspace's lake holds; how a score
is made is not computed here. DuckDB reads them. `ASKED[metric, variant](health, question)` gives {segment: Answer} for one period."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from statistics import median

import duckdb
from duckdb_extensions import import_extension

from answers import Answer, each, ratio
from money import MissingRate
from periods import DAY

EXTENSIONS = ("sqlite_scanner", "ducklake")
SCORED = """SELECT day, account_id, score, colour, coverage, mrr, definition
FROM lake.health_scores LEFT JOIN lake.health_scorecards USING (line, scorecard) WHERE in_force"""
USUAL = {"amber": 50, "green": 70}
COLOURS = ("red", "amber", "green")
NOBODY = "no customer was scored on the closing day"


@dataclass
class Scored:
    score: Fraction
    colour: str
    coverage: Fraction
    mrr: Fraction | None


class Health:
    """What the metrics read: {day: {account: its score}}, merged accounts together, and the customers without one left out."""

    def __init__(self, lake):
        self.lake = lake

    @cached_property
    def days(self):
        for extension in EXTENSIONS:
            import_extension(extension)
        con = duckdb.connect()
        for extension in EXTENSIONS:
            con.execute(f"LOAD {extension}")
        con.execute(f"ATTACH 'ducklake:sqlite:{self.lake.folder / 'tenure.db'}' AS lake (READ_ONLY)")
        days = defaultdict(lambda: defaultdict(list))
        for day, account, *figures in con.execute(SCORED).fetchall():
            days[day][self.lake.survivor(account)].append(figures)
        return {day: {account: scored for account, rows in accounts.items() if (scored := one(rows))} for day, accounts in days.items()}

    def at_close(self, question):
        return question.at_close(self.days.get(question.period.end_day - DAY, {}).items())


def exact(number):
    return None if number is None else Fraction(number)


def one(rows):
    """One score of those that stand under an account: weighed by MRR, where each is known and one is above zero; in the colour that their
    scorecards give it where all begin their colours alike, else in that of most of it."""
    edges = {edges_of(definition) for score, *_, definition in rows if score is not None}
    rows = [row[:-1] for row in rows]
    known = [exact(mrr) for *_, mrr in rows]
    paid = sum((exact(mrr) for score, *_, mrr in rows if score is not None), Fraction(0)) if None not in known else 0
    weights = known if paid > 0 else [Fraction(1)] * len(rows)
    scored = [(Fraction(score), weight) for (score, *_), weight in zip(rows, weights) if score is not None]
    if not scored:
        return None
    by_colour = [sum(weight for (_, colour, *_), weight in zip(rows, weights) if colour == wanted) for wanted in COLOURS]
    score, (alike, *others) = mean(scored), edges
    colour = COLOURS[by_colour.index(max(by_colour))] if others or alike is None else COLOURS[sum(score >= edge for edge in alike)]
    return Scored(
        score, colour,
        mean([(Fraction(coverage), weight) for (*_, coverage, _), weight in zip(rows, weights)]),
        None if None in known else sum(known))


def edges_of(definition):
    """Where a scorecard's amber and green begin."""
    if definition is None:
        return None
    colours = tomllib.loads(definition, parse_float=Fraction).get("colours", USUAL)
    return Fraction(colours["amber"]), Fraction(colours["green"])


def mean(weighed):
    """To six places, as a score has."""
    exactly = sum(value * weight for value, weight in weighed) / sum(weight for _, weight in weighed)
    return exactly if len(weighed) == 1 else round(exactly, 6)


def answered(measure):
    def ask(health, question):
        def answer(rows):
            scored = [one for _, one in rows]
            return measure(scored) if scored else Answer(None, 0, NOBODY)
        return each(health.at_close(question), answer)
    return ask


def parts(scored):
    counts = {colour: sum(one.colour == colour for one in scored) for colour in COLOURS}
    return {**counts, "coverage": sum(one.coverage for one in scored) / len(scored)}


def paid(scored):
    """What they pay, each; unknown where a rate is missing."""
    if any(one.mrr is None for one in scored):
        raise MissingRate("no exchange rate for what a customer pays")
    return [one.mrr for one in scored]


def weighted(scored):
    weights = paid(scored)
    total = sum(one.score * weight for one, weight in zip(scored, weights))
    return ratio(total, sum(weights), len(scored), "nobody pays anything", **parts(scored))


def at_risk(*colours):
    def measure(scored):
        red = [one for one in scored if one.colour in colours]
        known = None not in [one.mrr for one in red]
        return Answer(len(red), len(scored), None, {
            "mrr_at_risk": sum(one.mrr for one in red) if known else None, "share": Fraction(len(red), len(scored))})
    return measure


def mrr_at_risk(scored):
    red = [one for one in scored if one.colour == "red"]
    total = sum(one.mrr for one in scored if one.mrr is not None)
    return Answer(sum(paid(red)), len(scored), None, {"accounts": len(red), "share": Fraction(sum(paid(red))) / total if total else None})


ASKED = {
    ("health_score", "default"): answered(lambda scored: ratio(sum(one.score for one in scored), len(scored), len(scored), NOBODY, **parts(scored))),
    ("health_score", "mrr_weighted"): answered(weighted),
    ("health_score", "median"): answered(lambda scored: Answer(median(one.score for one in scored), len(scored), None, parts(scored))),
    ("accounts_at_risk", "default"): answered(at_risk("red")),
    ("accounts_at_risk", "amber_or_red"): answered(at_risk("red", "amber")),
    ("accounts_at_risk", "mrr"): answered(mrr_at_risk),
}
