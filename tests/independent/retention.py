"""The retention metrics and their variants, from docs/definitions.md. `ASKED[metric, variant](revenue, question)` gives
{segment: Answer} for one period. Cohorts are those active at the opening; money of a cohort is compared in the account's own
currency and weighted at the opening's rates.

A rate over the opening is a panel, also where its numerator is a flow: both are by the attribute at the opening. n is the accounts
that enter the numerator or the denominator."""
from collections import defaultdict
from fractions import Fraction

from answers import Answer, each, ratio, together
from movements import difference
import cohorts
import renewals

NO_COHORT = "no customers at the opening"


def share(rows, yes):
    return ratio(Fraction(sum(yes(what) for _, what in rows)), len(rows), len(rows), NO_COHORT)


# --- customers -----------------------------------------------------------------------------------------------------------------

def kept(revenue, question, lost=False):
    closing = {account for account, _ in revenue.customers(question.period, "close")}
    cohort = revenue.customers(question.period, "opening")
    return each(question.at_opening((account, (account in closing) != lost) for account, _ in cohort), lambda rows: share(rows, bool))


def e_minus_n(revenue, question):
    """(E - N) / S. N: accounts not customers at the opening that became ones in the period, still there or not."""
    period = question.period
    opening = {account for account, _ in revenue.customers(period, "opening")}
    joined = {account for account, _, _ in revenue.moves_in(period, "new", "reactivation")} - opening
    closing = {account for account, _ in revenue.customers(period, "close")}
    groups = question.at_opening((account, account) for account in opening | joined | closing)

    def value(rows):
        accounts = {account for account, _ in rows}
        s, e, n = (len(accounts & some) for some in (opening, closing, joined))
        return ratio(Fraction(e - n), s, len(accounts), NO_COHORT)
    return each(groups, value)


def continued(who, lost=False):
    """Accounts with an event in the month before: the share with one in the asked month."""
    def asked(revenue, question):
        period = question.period
        cohort = who(revenue, revenue.calendar.month_before(period))
        again = who(revenue, period)
        return each(question.at_opening((account, (account in again) != lost) for account in cohort),
                    lambda rows: ratio(Fraction(sum(what for _, what in rows)), len(rows), len(rows), "nobody in the period before"))
    return asked


def users(revenue, period):
    if not hasattr(revenue, "usage_months"):
        revenue.usage_months = defaultdict(set)
        for row in revenue.lake.rows("usage_events"):
            if row.account_id in revenue.lake.known_accounts:
                revenue.usage_months[revenue.calendar.day_of(row.occurred_at).replace(day=1)].add(row.account_id)
    return revenue.usage_months[period.first_day]


def buyers(revenue, period):
    """Accounts with a purchase: an invoice line that charges for something."""
    return {row.account_id for row in revenue.sales if row.amount > 0 and row.kind != "refund" and period.contains(row.issued_at)}


def chartmogul_logo(revenue, question):
    """(Accounts lost in the period, less those that joined and left in it, less those lost and back by the close) / opening."""
    period = question.period
    opening = {account for account, _ in revenue.customers(period, "opening")}
    closing = {account for account, _ in revenue.customers(period, "close")}
    lost = {account for account, _, _ in revenue.moves_in(period, "churn")}
    joined = {account for account, _, _ in revenue.moves_in(period, "new", "reactivation")} - opening
    gone = lost - joined - closing
    return each(question.at_opening((account, account in gone) for account in opening), lambda rows: share(rows, bool))


def losses(revenue, question, with_new):
    """Each loss in the period, also of those who joined in it / customers at the opening (and the new ones of the period)."""
    period = question.period
    lost = [(account, "lost") for account, _, _ in revenue.moves_in(period, "churn")]
    base = [(account, "base") for account, _ in revenue.customers(period, "opening")]
    if with_new:
        base += [(account, "base") for account, _, _ in revenue.moves_in(period, "new")]

    def value(rows):
        accounts, sides = {account for account, _ in rows}, [side for _, side in rows]
        return ratio(Fraction(sides.count("lost")), sides.count("base"), len(accounts), NO_COHORT)
    return each(question.at_opening(lost + base), value)


# --- money of the opening cohort -------------------------------------------------------------------------------------------------

def pairs(revenue, window):
    """(account, (opening MRR, closing MRR)) of the opening cohort, at the opening's rates; one who has left closes at nothing."""
    day, book = revenue.opening_day(window), revenue.book()
    return [(account, (revenue.worth(state, day), revenue.worth(book.close(account, window), day)))
            for account, state in revenue.customers(window, "opening")]


def net(opening, closing):
    return closing


def gross(opening, closing):
    return min(opening, closing)


def over_opening(rows, counted):
    opening = sum((pair[0] for _, pair in rows), Fraction(0))
    reason = NO_COHORT if not rows else "no MRR at the opening"
    return ratio(sum((counted(*pair) for _, pair in rows), Fraction(0)), opening, len(rows), reason)


class Windowed:
    """A question over the window that ends with the asked period: its panel's attributes are those of the window's opening."""

    def __init__(self, months):
        self.months = months

    def of(self, revenue, question):
        window = question.period if self.months is None else revenue.calendar.window(question.period, self.months)
        return type(question)(question.lake, window, question.by)


def point_to_point(counted, months, only=lambda revenue, window, rows: rows):
    def asked(revenue, question):
        over = Windowed(months).of(revenue, question)
        rows = only(revenue, over.period, pairs(revenue, over.period))
        return each(over.at_opening(rows), lambda rows: over_opening(rows, counted))
    return asked


def due_in(revenue, window, rows):
    """Of the cohort, those with a term longer than a month whose end falls in the window."""
    due = {term.account_id for term in renewals.terms(revenue) if not renewals.month_to_month(term) and window.contains(term.ends_at)}
    return [row for row in rows if row[0] in due]


def returned(revenue, window):
    """(account, (nothing, closing MRR)) of who was a customer before the opening, not at it, and is one at the close."""
    day, book = revenue.opening_day(window), revenue.book()
    for account, state in revenue.customers(window, "close"):
        if not book.opening(account, window).active and book.first_active_day(account) < window.first_day:
            yield account, (Fraction(0), revenue.worth(state, day))


def reactivation_in(counted):
    def asked(revenue, question):
        over = Windowed(12).of(revenue, question)
        cohort = over.at_opening(pairs(revenue, over.period))
        back = over.at_opening(returned(revenue, over.period))

        def value(rows):
            answer = over_opening(rows[0] + rows[1], counted)
            return answer if rows[0] else Answer(None, answer.n, NO_COHORT)
        return each(together(cohort, back), value)
    return asked


def flow(with_expansion):
    """(S + expansion - contraction - churn) / S by the movements of the opening cohort, at the opening's rates."""
    def asked(revenue, question):
        over = Windowed(12).of(revenue, question)
        window = over.period
        day = revenue.opening_day(window)
        rows = []
        for account, state in revenue.customers(window, "opening"):
            change = Fraction(0)
            for move in revenue.moves[account]:
                if window.contains_day(move.day):
                    if move.kind in ("contraction", "churn"):
                        change -= revenue.rates.convert(move.amounts, day)
                    elif move.kind == "expansion" and with_expansion:
                        change += revenue.rates.convert(move.amounts, day)
            opening = revenue.worth(state, day)
            rows.append((account, (opening, opening + change)))
        return each(over.at_opening(rows), lambda rows: over_opening(rows, net))
    return asked


def revenue_churn_flow(taken, given):
    """(Movements taken away - movements given) of the period, of all accounts, at their days' rates / opening MRR."""
    def asked(revenue, question):
        period, day = question.period, revenue.opening_day(question.period)
        moves = question.at_opening((account, move) for account, _, move in revenue.moves_in(period, *taken, *given))
        opening = question.at_opening(revenue.customers(period, "opening"))

        def value(rows):
            signed = sum((revenue.rates.convert(move.amounts, move.day) * (1 if move.kind in taken else -1) for _, move in rows[0]), Fraction(0))
            accounts = {account for side in rows for account, _ in side}
            return ratio(signed, sum((revenue.worth(state, day) for _, state in rows[1]), Fraction(0)), len(accounts), NO_COHORT)
        return each(together(moves, opening), value)
    return asked


# --- upsell and cross-sell --------------------------------------------------------------------------------------------------------

def bought(opening, closing):
    """(products of which more is held at the close, products held at the close and not at the opening)."""
    more, other = [], []
    for product, held in closing.products.items():
        before = opening.products.get(product)
        if before is None:
            other.append(product)
        elif held.quantity > before.quantity or (held.tier is not None and before.tier is not None and held.tier > before.tier):
            more.append(product)
    return more, other


def on_sale(revenue, period):
    """Products that anybody pays for at the opening or at the close."""
    return {product for edge in ("opening", "close") for _, state in revenue.customers(period, edge) for product in state.products}


def sold(kind):
    """The share of the opening cohort that bought more of a held product, one not held, or either."""
    def asked(revenue, question):
        period, book = question.period, revenue.book()
        offered = on_sale(revenue, period)
        rows = []
        for account, opening in revenue.customers(period, "opening"):
            if kind == "cross_sell" and offered <= set(opening.products):
                continue
            more, other = bought(opening, book.close(account, period))
            rows.append((account, bool(kind != "cross_sell" and more or kind != "upsell" and other)))
        return each(question.at_opening(rows), lambda rows: share(rows, bool))
    return asked


def sold_money(kind, over):
    """What those purchases are worth a month, over the cohort's opening MRR or over the closing MRR of all customers."""
    def asked(revenue, question):
        period, book = question.period, revenue.book()
        day = revenue.opening_day(period)
        cohort = []
        for account, opening in revenue.customers(period, "opening"):
            closing = book.close(account, period)
            more, other = bought(opening, closing)
            money = Fraction(0)
            if kind != "cross_sell":
                rises = [difference(closing.products[product].mrr, opening.products[product].mrr) for product in more]
                money += sum((max(revenue.rates.convert(rise, day), Fraction(0)) for rise in rises), Fraction(0))
            if kind != "upsell":
                money += sum((revenue.rates.convert(closing.products[product].mrr, day) for product in other), Fraction(0))
            cohort.append((account, (money, revenue.worth(opening, day))))
        everybody = [(account, revenue.worth(state, day)) for account, state in revenue.customers(period, "close")]

        def value(rows):
            cohort, everybody = rows
            money = sum((pair[0] for _, pair in cohort), Fraction(0))
            base = sum((pair[1] for _, pair in cohort), Fraction(0)) if over == "opening" else sum((worth for _, worth in everybody), Fraction(0))
            entering = cohort + (everybody if over == "revenue" else [])
            return ratio(money, base, len({account for account, _ in entering}), NO_COHORT)
        return each(together(question.at_opening(cohort), question.at_opening(everybody)), value)
    return asked


ASKED = {
    ("retention_rate", "default"): kept,
    ("retention_rate", "e_minus_n"): e_minus_n,
    ("retention_rate", "by_usage"): continued(users),
    ("retention_rate", "by_purchase"): continued(buyers),
    ("logo_churn_rate", "default"): lambda revenue, question: kept(revenue, question, lost=True),
    ("logo_churn_rate", "chartmogul"): chartmogul_logo,
    ("logo_churn_rate", "stripe"): lambda revenue, question: losses(revenue, question, with_new=True),
    ("logo_churn_rate", "baremetrics"): lambda revenue, question: losses(revenue, question, with_new=False),
    ("logo_churn_rate", "by_usage"): continued(users, lost=True),
    ("logo_churn_rate", "by_purchase"): continued(buyers, lost=True),
    ("revenue_churn_rate", "default"): point_to_point(lambda opening, closing: max(opening - closing, 0), None),
    ("revenue_churn_rate", "net"): point_to_point(lambda opening, closing: opening - closing, None),
    ("revenue_churn_rate", "chartmogul"): revenue_churn_flow(("churn", "contraction"), ("expansion", "reactivation")),
    ("revenue_churn_rate", "baremetrics"): revenue_churn_flow(("churn", "contraction"), ()),
    ("renewal_rate", "default"): renewals.by_count,
    ("renewal_rate", "by_value"): renewals.by_value,
    ("renewal_rate", "by_value_net"): renewals.by_value_net,
    ("renewal_rate", "by_signature"): renewals.by_signature,
    ("cohort_retention", "default"): cohorts.by_age,
}
for metric, counted in (("nrr", net), ("grr", gross)):
    ASKED[metric, "default"] = point_to_point(counted, 12)
    ASKED[metric, "in_period"] = point_to_point(counted, None)
    ASKED[metric, "1_month"] = point_to_point(counted, 1)
    ASKED[metric, "3_months"] = point_to_point(counted, 3)
    ASKED[metric, "flow"] = flow(metric == "nrr")
    ASKED[metric, "due_only"] = point_to_point(counted, 12, due_in)
    ASKED[metric, "reactivation_in"] = reactivation_in(counted)
for kind in ("upsell", "cross_sell", "expansion"):
    ASKED[f"{kind}_rate", "default"] = sold(kind)
    ASKED[f"{kind}_rate", "over_opening_mrr"] = sold_money(kind, "opening")
    ASKED[f"{kind}_rate", "over_revenue"] = sold_money(kind, "revenue")
