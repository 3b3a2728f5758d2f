#!/usr/bin/env python3
"""Times Tenure and DuckDB at the same work, alternately, after both have given the same answer. Prints a section of RESULTS.md."""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb

import agree
from peer import KEYS

PEER = [sys.executable, str(pathlib.Path(__file__).resolve().parent / "peer.py")]
MONTHS = 13
# `tenure import` says by this that it committed and rejected some rows.
REJECTED_SOME = 4


class Run:
    """One process that ran to its end: wall seconds, processor seconds, peak memory in MiB."""

    def __init__(self, command, accept=(0,), own_clock=False):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=err)
            _, status, used = os.wait4(process.pid, 0)
            self.wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            self.out, messages = read(out), read(err)
        if process.returncode not in accept:
            sys.exit(f"{' '.join(map(str, command))}\nfailed with {process.returncode}:\n{messages}")
        if own_clock:
            self.wall = float(messages.split()[-1])
        self.processor = used.ru_utime + used.ru_stime
        self.memory = used.ru_maxrss / 1024

    def and_then(self, other):
        """Both, one after the other."""
        self.wall, self.processor = self.wall + other.wall, self.processor + other.processor
        self.memory = max(self.memory, other.memory)
        return self


def read(file):
    file.seek(0)
    return file.read().decode()


class Sides:
    """Both sides over the exports of one generated company."""

    def __init__(self, tenure, company, scratch):
        self.tenure, self.company = tenure, company
        self.workspace, self.database = scratch / "tenure", scratch / "duckdb.db"

    def tenure_import(self):
        """`tenure init` and `tenure import` in a fresh workspace with the company's settings and mappings."""
        shutil.rmtree(self.workspace, ignore_errors=True)
        self.workspace.mkdir()
        shutil.copy(self.company / "tenure.toml", self.workspace)
        shutil.copytree(self.company / "sources", self.workspace / "sources")
        (self.workspace / "exports").symlink_to(self.company / "exports")
        return Run([self.tenure, "init", self.workspace]).and_then(self.ask("import", accept=(0, REJECTED_SOME)))

    def peer_import(self):
        self.database.unlink(missing_ok=True)
        return Run([*PEER, "import", self.company, self.database], own_clock=True)

    def tenure_report(self):
        return self.ask("report", "--last", str(MONTHS), "--grain", "month", "--format", "json")

    def peer_report(self, through):
        return Run([*PEER, "report", self.database, through, str(MONTHS)], own_clock=True)

    def tenure_metrics(self, metrics):
        """Only what the peer reports, by a command for each metric."""
        asked = ["--last", str(MONTHS), "--grain", "month", "--format", "json"]
        runs = [self.ask("metric", metric, *asked) for metric in metrics]
        for other in runs[1:]:
            runs[0].and_then(other)
        return runs[0]

    def ask(self, *arguments, accept=(0,)):
        return Run([self.tenure, "-w", self.workspace, *arguments], accept)

    def tenure_rows(self):
        """Rows of each table. What colleagues answered and met about stands outside `tenure sql`."""
        union = " UNION ALL ".join(f"SELECT '{table}' AS name, count(*) AS n FROM {table}" for table in KEYS)
        rows = {row["name"]: row["n"] for row in json.loads(self.ask("sql", union, "--format", "json").out)}
        rejects = self.workspace / "rejects.jsonl"
        self.ask("rejects", "--export", rejects)
        with rejects.open() as lines:
            rows["rejects"] = sum(1 for _ in lines)
        return rows

    def peer_rows(self):
        return json.loads(Run([*PEER, "counts", self.database]).out)


def through(answers):
    """The day after the last month that Tenure answers for."""
    year, month = map(int, max(answer["period"] for answer in answers).split("-"))
    return f"{year + month // 12}-{month % 12 + 1:02}-01"


def measure(sides, runs):
    """One agreement, then the runs: figures compared, rows kept, and the runs by task and side."""
    sides.tenure_import(), sides.peer_import()
    rows = agree.check_rows(sides.tenure_rows(), sides.peer_rows())
    answers = json.loads(sides.tenure_report().out)
    end = through(answers)
    figures = json.loads(sides.peer_report(end).out)
    cells = agree.check_figures(answers, figures)
    board, shared = {answer["metric"] for answer in answers}, sorted({metric for metric, *_ in figures})
    peer_report = lambda: sides.peer_report(end)
    work = {
        "import": (sides.tenure_import, sides.peer_import),
        f"report: the board of {len(board)} metrics / {len(shared)} of them": (sides.tenure_report, peer_report),
        f"report: the same {len(shared)}, a command each / all at once": (lambda: sides.tenure_metrics(shared), peer_report),
    }
    tasks = {task: ([], []) for task in work}
    for _ in range(runs):
        for task, pair in work.items():
            for side, do in zip(tasks[task], pair):
                side.append(do())
    return cells, rows, tasks


def line(task, ours, theirs):
    """A row of the table: medians, their ratio, and its spread over the runs."""
    middle = lambda runs, of: statistics.median(getattr(run, of) for run in runs)
    wall, peer = middle(ours, "wall"), middle(theirs, "wall")
    ratios = sorted(one.wall / other.wall for one, other in zip(ours, theirs))
    return (
        f"| {task} | {wall:.2f} s | {peer:.2f} s | **{wall / peer:.1f}** ({ratios[0]:.1f} to {ratios[-1]:.1f}) "
        f"| {middle(ours, 'processor') / middle(theirs, 'processor'):.1f} "
        f"| {middle(ours, 'memory'):,.0f} MiB | {middle(theirs, 'memory'):,.0f} MiB |"
    )


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} on {platform.machine()}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tenure", type=pathlib.Path, required=True, help="the binary")
    arguments.add_argument("--generate", type=pathlib.Path, required=True, help="the generator")
    arguments.add_argument("--profile", required=True, help="how the binary was built")
    arguments.add_argument("--events", type=int, help="about how many usage events; else as the company's people use it")
    arguments.add_argument("--accounts", type=int, help="how many accounts; else as in the demo")
    arguments.add_argument("--runs", type=int, default=3, help="alternated runs of each task")
    given = arguments.parse_args()
    if given.accounts and not given.events:
        arguments.error("--accounts needs --events")

    with tempfile.TemporaryDirectory(prefix="tenure-bench-") as folder:
        scratch = pathlib.Path(folder)
        company = scratch / "company"
        company.mkdir()
        size = [str(number) for number in (given.events, given.accounts) if number]
        print(Run([given.generate, company, *size]).out, end="", file=sys.stderr)
        exports = sum(file.stat().st_size for file in (company / "exports").rglob("*") if file.is_file())
        load = os.getloadavg()[0]
        try:
            cells, rows, tasks = measure(Sides(given.tenure.resolve(), company, scratch), given.runs)
        except agree.Disagreement as difference:
            sys.exit(f"error: {difference}\nnothing is timed")

    asked = " ".join(f"--{name} {value}" for name, value in (("events", given.events), ("accounts", given.accounts)) if value)
    print(f"`BENCH_PROFILE={given.profile} bench/run {asked}`".replace(" `", "`") + "\n")
    print(f"{machine()}; load average {load:.1f} at the start. DuckDB {duckdb.__version__}. Tenure built with profile `{given.profile}`.")
    print(f"Exports of {exports / 2**20:,.0f} MiB, {rows:,} rows kept in {len(KEYS)} tables. {cells} figures agreed before the first timed run.")
    print(f"Medians of {given.runs} alternated runs; in brackets the ratios of single runs.\n")
    print("| task | Tenure | DuckDB | Tenure / DuckDB | processor time, ratio | Tenure's peak memory | DuckDB's |")
    print("|---|---|---|---|---|---|---|")
    for task, pair in tasks.items():
        print(line(task, *pair))


if __name__ == "__main__":
    main()
