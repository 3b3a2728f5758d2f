"""Compares what Tenure answers with what is computed here, for every month, as a whole, by plan and by country.

    python tests/independent/compare.py WORKSPACE TENURE_BINARY [--metrics a,b] [--last 24] [--by plan --by country]

Prints each cell that differs by more than 1e-9 of its size (1e-4 where a model is fitted) in value or in a part that both name, or in n, or is null on one side only,
or null without a reason, and each metric and variant that one side alone knows. Money that Tenure has rounded is compared to within that
rounding. A cell that only one side lists is no difference as long as there is nothing in it. Ends with 1 if anything of that was found.
"""
import argparse
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from main import ASKED, FITTED, FITTED_MONTHS, STAFF, answers
from tables import Lake

TOLERANCE = 1e-9
FITTED_TOLERANCE = 1e-4  # A maximum is as far from its neighbours as a likelihood tells them apart.
AT_ONCE = 2
MONEY_PARTS = {"weight", "mrr_at_risk", "spend", "gamma"}  # of metrics that are no money themselves


def places(value):
    """Decimal places of a number as it was printed."""
    return -value.as_tuple().exponent if isinstance(value, Decimal) else 0


def same(theirs, ours, money, tolerance=TOLERANCE):
    if theirs is None or ours is None:
        return theirs is None and ours is None
    allowed = tolerance * max(abs(float(theirs)), abs(float(ours)), 1e-12)
    if money:
        allowed += 0.5 * 10.0 ** -places(theirs) * (1 + 1e-6)
    return abs(float(theirs) - float(ours)) <= allowed


def nothing(cell):
    return not cell["value"] and not cell["n"]


def plain(name, value):
    """A segment's value as text; an age may be written with leading zeros."""
    return str(int(value)) if name == "age" and value is not None else str(value)


def cells(lines):
    return {(line["metric"], line["variant"], line["period"],
             tuple(sorted((name, plain(name, value)) for name, value in line["segment"].items()))): line for line in lines}


def variants_of(metric, by):
    """Computed here; what the staff say has no account to be split by."""
    return {variant for known, variant in ASKED if known == metric and not (by and (known, variant) in STAFF)}


def tenure(binary, workspace, metric, last, by):
    """Tenure's answers, or why there are none. Where not every variant can be split, those are asked one by one that can."""
    if not by or not any(known == metric for known, _ in STAFF):
        return asked(binary, workspace, metric, "all", last, by)
    each = [asked(binary, workspace, metric, variant, last, by) for variant in sorted(variants_of(metric, by))]
    return [line for lines, _ in each for line in lines], next((why for _, why in each if why), None)


def asked(binary, workspace, metric, variant, last, by):
    command = [binary, "metric", metric, "--last", str(last), "--grain", "month", "--format", "json"]
    command += [] if variant == "default" else ["--variant", variant]
    for name in ([by, f"account.{by}"] if by else [None]):
        done = subprocess.run(command + (["--by", name] if name else []), cwd=workspace, capture_output=True, text=True)
        if done.returncode == 0:
            lines = json.loads(done.stdout, parse_float=Decimal)
            for line in lines:
                line["parts"] |= {"low": line["low"], "high": line["high"]}
                line["segment"] = {key.removeprefix("account."): value for key, value in line["segment"].items()}
            return lines, None
    return [], done.stderr.strip().splitlines()[0] if done.stderr.strip() else "no answer"


def differences(theirs, ours):
    """(cell, what differs, theirs, ours) of two {cell: line}."""
    for cell in sorted(theirs.keys() | ours.keys(), key=str):
        one, other = theirs.get(cell), ours.get(cell)
        if one is None or other is None:
            present = one or other
            if not nothing(present):
                yield cell, "missing in Tenure" if one is None else "missing here", one, other
            continue
        tolerance = FITTED_TOLERANCE if cell[:2] in FITTED else TOLERANCE
        if not same(one["value"], other["value"], one.get("unit") == "money", tolerance):
            yield cell, "value", one, other
        elif one["n"] != other["n"]:
            yield cell, "n", one, other
        elif one["value"] is None and not (one["reason"] and other["reason"]):
            yield cell, "reason", one, other
        for part in sorted(one["parts"].keys() & other["parts"].keys()):
            if not same(one["parts"][part], other["parts"][part], part in MONEY_PARTS, tolerance):
                yield cell, f"part {part}", part_of(one, part), part_of(other, part)


def part_of(line, part):
    return {**line, "value": line["parts"][part]}


def shown_of(line):
    return "-" if line is None else f"{line['value']} (n {line['n']}{', ' + line['reason'] if line['reason'] else ''})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace")
    parser.add_argument("binary")
    parser.add_argument("--metrics", help="comma-separated; all unless given")
    parser.add_argument("--last", type=int, default=24)
    parser.add_argument("--by", action="append", help="account attributes; plan and country unless given")
    parser.add_argument("--show", type=int, default=5, help="differing cells to print for each metric, variant and attribute")
    given = parser.parse_args()
    metrics = given.metrics.split(",") if given.metrics else sorted({metric for metric, _ in ASKED})
    splits = [None] + (given.by or ["plan", "country"])
    questions = [(by, metric) for by in splits for metric in metrics if not by or variants_of(metric, by)]
    lake, agreed, differing, absent = Lake(given.workspace), 0, Counter(), set()
    pool = ThreadPoolExecutor(AT_ONCE)
    told = {(by, metric): pool.submit(tenure, given.binary, given.workspace, metric, given.last, by) for by, metric in questions}
    for split in splits:
        computed = cells(answers(lake, metrics, given.last, split))
        for by, metric in questions:
            if by != split:
                continue
            lines, why = told[by, metric].result()
            if why:
                absent.add(f"{metric} by {by}: Tenure has no answer: {why}")
                continue
            theirs = cells(lines)
            known, here = {cell[1] for cell in theirs}, variants_of(metric, by)
            if not by:  # Of a segment there may be nothing to say.
                absent.update(f"{metric} {variant}: not in Tenure" for variant in here - known)
            absent.update(f"{metric} {variant}: not computed here" for variant in known - here)
            both = here if by else known & here
            recent = sorted({cell[2] for cell in theirs})[-FITTED_MONTHS:]
            theirs = {cell: line for cell, line in theirs.items() if cell[:2] not in FITTED or cell[2] in recent}
            theirs = {cell: line for cell, line in theirs.items() if cell[1] in both}
            ours = {cell: line for cell, line in computed.items() if cell[0] == metric and cell[1] in both}
            found = list(differences(theirs, ours))
            agreed += len(theirs.keys() | ours.keys()) - len(found)
            shown = Counter()
            for cell, what, one, other in found:
                group = (metric, cell[1], by or "whole", what)
                differing[group] += 1
                shown[group] += 1
                if shown[group] <= given.show:
                    print(f"{metric} {cell[1]} {cell[2]} {dict(cell[3])}: {what}: Tenure {shown_of(one)}, here {shown_of(other)}")
    print()
    for line in sorted(absent):
        print(line)
    for group, count in sorted(differing.items()):
        print(f"{count} cells differ: {' '.join(group)}")
    print(f"{agreed} cells agree, {sum(differing.values())} differ")
    sys.exit(1 if differing or absent else 0)


if __name__ == "__main__":
    main()
