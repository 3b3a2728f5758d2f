"""Whether both sides give the same answer: a benchmark of different answers is void."""

# Tenure writes money in cents.
CENT = 0.005
RELATIVE = 1e-9


class Disagreement(Exception):
    """The sides differ; nothing may be timed."""


def by_cell(answers):
    """Tenure's answers by metric, month, segment and part, with their unit."""
    cells = {}
    for answer in answers:
        segment = next(iter(answer["segment"].values()), None)
        cell = (answer["metric"], answer["period"], segment)
        cells[(*cell, None)] = (answer["value"], answer["unit"])
        for part, value in answer["parts"].items():
            cells[(*cell, part)] = (value, answer["unit"])
    return cells


def same(ours, theirs, unit):
    slack = CENT + RELATIVE * abs(theirs) if unit == "money" else RELATIVE * max(1.0, abs(theirs))
    return abs(ours - theirs) <= slack


def check_figures(answers, figures):
    """All figures of the peer are Tenure's, and Tenure has no other cell of these metrics; gives how many."""
    ours = by_cell(answers)
    wrong = []
    for *cell, value in figures:
        found, unit = ours.get(tuple(cell), (None, None))
        if found is None or not same(found, value, unit):
            wrong.append(f"{cell}: Tenure {found}, DuckDB {value}")
    told = {(metric, month, segment) for metric, month, segment, _, _ in figures}
    metrics = {metric for metric, *_ in told}
    for (metric, month, segment, part), (value, _) in ours.items():
        if metric in metrics and part is None and value is not None and (metric, month, segment) not in told:
            wrong.append(f"{[metric, month, segment]}: Tenure {value}, DuckDB none")
    if wrong:
        raise Disagreement("\n".join([f"{len(wrong)} figures differ", *wrong[:20]]))
    return len(figures)


def check_rows(ours, theirs):
    """Both sides keep equally many rows of each table, and reject equally many; gives how many are kept."""
    wrong = [f"{table}: Tenure {ours[table]}, DuckDB {theirs[table]}" for table in theirs if ours[table] != theirs[table]]
    if wrong:
        raise Disagreement("\n".join(["imported rows differ", *wrong]))
    return sum(rows for table, rows in theirs.items() if table != "rejects")
