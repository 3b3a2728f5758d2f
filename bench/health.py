#!/usr/bin/env python3
"""What one more day of health costs after a short history and after a long one: the same company, the same day, alternately.

A company of so many accounts is made and imported; a copy of its lake gets a history of 30 nights, another one of 365, each night a
version with every account's score and signals, as `tenure health update` leaves them (crates/health/examples/nights.rs). Then, day
after day, both import the day's use and `tenure health update` scores it: that command alone is timed, from start to exit.
"""

import argparse
import datetime
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SHORT, LONG = 30, 365
FIRST = datetime.date(2026, 3, 1)
USE_BEFORE = 60

SETTINGS = 'name = "Bench"\ncurrency = "USD"\ntimezone = "UTC"\n'
BILLING = """
data_through = "{through}"
[files.customers]
path = "exports/customers.csv"
[files.lines]
path = "exports/lines.csv"
[files.terms]
path = "exports/terms.csv"
[tables]
accounts = "SELECT id AS account_id, plan FROM customers"
subscriptions = "SELECT id AS subscription_id, id AS account_id, price AS unit_price, seats AS quantity, begun AS started_at FROM lines"
contracts = "SELECT id AS contract_id, id AS account_id, '12' AS term_months, begun AS started_at, ends AS ends_at FROM terms"
"""
PRODUCT = """
data_through = "{through}"
[files.use]
path = "exports/use.csv"
[tables]
usage_events = "SELECT id AS event_id, account AS account_id, who AS contact_id, feature, at AS occurred_at FROM use"
"""


def account(number):
    return f"A-{number:06}"


def company(folder, accounts):
    """Settings, mappings and exports up to the first day that is to be scored."""
    (folder / "exports").mkdir(parents=True)
    (folder / "sources").mkdir()
    (folder / "tenure.toml").write_text(SETTINGS)
    dice = random.Random(1)
    begun = FIRST - datetime.timedelta(days=LONG + 30)
    with open(folder / "exports/customers.csv", "w") as customers, open(folder / "exports/lines.csv", "w") as lines:
        customers.write("id,plan\n")
        lines.write("id,price,seats,begun\n")
        for number in range(1, accounts + 1):
            customers.write(f"{account(number)},{dice.choice(['Basic', 'Pro', 'Max'])}\n")
            lines.write(f"{account(number)},{dice.randint(5, 50)},{dice.randint(1, 40)},{begun}\n")
    with open(folder / "exports/terms.csv", "w") as terms:
        terms.write("id,begun,ends\n")
        for number in range(1, accounts + 1, 2):
            ends = FIRST + datetime.timedelta(days=dice.randint(20, 300))
            terms.write(f"{account(number)},{begun},{ends}\n")
    use(folder, accounts, FIRST - datetime.timedelta(days=USE_BEFORE), FIRST)


def use(folder, accounts, start, end):
    """Use over [start, end): every account on one day of four, by one of three people."""
    dice = random.Random(start.toordinal())
    with open(folder / "exports/use.csv", "w") as file:
        file.write("id,account,who,feature,at\n")
        for day in range(start.toordinal(), end.toordinal()):
            date = datetime.date.fromordinal(day)
            for number in range(1 + day % 4, accounts + 1, 4):
                who, feature = dice.randrange(3), dice.randrange(12)
                file.write(f"{date}-{number},{account(number)},{number}-{who},f{feature},{date}T{8 + number % 12:02}:00:00Z\n")
    (folder / "sources/billing.toml").write_text(BILLING.format(through=end))
    (folder / "sources/product.toml").write_text(PRODUCT.format(through=end))


def run(*command):
    """Wall and processor seconds, peak memory in MiB."""
    with tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=messages, stderr=messages)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if os.waitstatus_to_exitcode(status) != 0:
            messages.seek(0)
            sys.exit(f"{' '.join(map(str, command))}\nfailed:\n{messages.read().decode()}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def size(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tenure", required=True, help="the command")
    options.add_argument("--nights", required=True, help="the example of crates/health that makes a history")
    options.add_argument("--accounts", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5, help="days that are scored")
    options.add_argument("--short", type=int, default=SHORT, help="nights of the short history")
    options.add_argument("--long", type=int, default=LONG, help="nights of the long history")
    options.add_argument("--folder", help="where to work; the default is a temporary folder")
    asked = options.parse_args()

    scratch = pathlib.Path(asked.folder or tempfile.mkdtemp(prefix="tenure-bench-"))
    sides = {nights: scratch / f"nights-{nights}" for nights in (asked.short, asked.long)}
    print(f"making a company of {asked.accounts:,} accounts", file=sys.stderr, flush=True)
    first = scratch / f"nights-{asked.short}"
    company(first, asked.accounts)
    run(asked.tenure, "-w", first, "import")
    shutil.copytree(first, sides[asked.long])
    last = FIRST - datetime.timedelta(days=2)
    for nights, folder in sides.items():
        print(f"a history of {nights} nights", file=sys.stderr, flush=True)
        run(asked.nights, folder, last, nights, asked.accounts)

    measured = {nights: [] for nights in sides}
    # The first round brings both up to the day, untimed.
    for number in range(asked.runs + 1):
        order = list(sides.items()) if number % 2 else list(reversed(sides.items()))
        for nights, folder in order:
            if number:
                begun = FIRST + datetime.timedelta(days=number - 1)
                use(folder, asked.accounts, begun, begun + datetime.timedelta(days=1))
                run(asked.tenure, "-w", folder, "import")
            took = run(asked.tenure, "-w", folder, "health", "update")
            if number:
                measured[nights].append(took)
            print(f"round {number}, {nights} nights: {took[0]:.1f} s wall, {took[1]:.1f} s processor", file=sys.stderr, flush=True)

    median = lambda nights, place: statistics.median(took[place] for took in measured[nights])
    print("| history | wall | processor time | peak memory | the lake on disk |")
    print("|---|---|---|---|---|")
    for nights, folder in sides.items():
        print(f"| {nights} nights | {median(nights, 0):.1f} s | {median(nights, 1):.1f} s | {median(nights, 2):.0f} MiB | {size(folder):,.0f} MiB |")
    for place, what in ((0, "wall"), (1, "processor time")):
        ratios = [long[place] / short[place] for long, short in zip(measured[asked.long], measured[asked.short])]
        of_medians = median(asked.long, place) / median(asked.short, place)
        print(f"\n{what}: **{of_medians:.2f}** ({min(ratios):.2f} to {max(ratios):.2f})", end="")
    print()
    if not asked.folder:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
