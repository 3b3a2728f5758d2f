#!/usr/bin/env python3
"""The peer: the demo company's exports imported and reported by DuckDB, in SQL written by hand.

    peer.py import WORKSPACE DATABASE          exports/ of a workspace folder into a new database file
    peer.py report DATABASE THROUGH MONTHS     figures of so many months before a day, as JSON
    peer.py counts DATABASE                    rows of each table, as JSON

The last line of standard error is the seconds that the work took, without the start of Python.
"""

import json
import pathlib
import sys
import time

import duckdb

SQL = pathlib.Path(__file__).resolve().parent / "peer"

# Sources in the order in which their tables build on each other, and what tells rows of each table apart.
SOURCES = ["billing", "crm", "finance", "helpdesk", "surveys", "people", "product"]
KEYS = {
    "accounts": "account_id, valid_from",
    "contacts": "contact_id",
    "contracts": "contract_id",
    "fx_rates": "currency, day",
    "health_ratings": "rating_id",
    "interactions": "interaction_id",
    "invoices": "invoice_id, line_id",
    "milestones": "milestone_id",
    "opportunities": "opportunity_id",
    "referrals": "referral_id",
    "staff": "staff_id",
    "subscriptions": "subscription_id, line_id",
    "survey_responses": "response_id",
    "survey_sends": "send_id",
    "ticket_events": "ticket_id, event_id",
    "tickets": "ticket_id",
    "usage_events": "occurred_at, event_id",
}
# Tables read from several files, of which one has the last word: `later` tells its rows. DuckDB keeps the order of rows in a file, and
# mostly, but not always, that of files.
SEVERAL_FILES = {"subscriptions", "usage_events"}
REPORT = ["asked", "revenue", "retention", "voice", "support", "usage"]


def run(connection, path, parameters):
    """Runs a file's statements, each with those of the parameters that it names."""
    for statement in duckdb.extract_statements(path.read_text()):
        named = {name: parameters[name] for name in statement.named_parameters}
        connection.execute(statement, named or None)


def import_exports(workspace, database):
    """All exports into typed tables: the last of equal keys counts, broken rows are kept apart with the reason."""
    with duckdb.connect(database) as connection:
        run(connection, SQL / "import" / "reading.sql", {})
        for source in SOURCES:
            run(connection, SQL / "import" / f"{source}.sql", {"exports": f"{workspace}/exports"})
        connection.execute('BEGIN; CREATE TABLE rejects ("table" VARCHAR, fault VARCHAR, record JSON)')
        for table, key in KEYS.items():
            last, aside = "max(rowid)", "fault"
            if table in SEVERAL_FILES:
                last, aside = "max(rowid + (later::BIGINT << 40)) & ((1::BIGINT << 40) - 1)", "fault, later"
            connection.execute(f"""
                CREATE TABLE {table} AS SELECT * EXCLUDE ({aside}) FROM staged_{table}
                WHERE rowid IN (SELECT {last} FROM staged_{table} WHERE fault IS NULL GROUP BY {key})""")
            connection.execute(f"""
                INSERT INTO rejects SELECT '{table}', fault, to_json(broken) FROM staged_{table} AS broken WHERE fault IS NOT NULL""")
        connection.execute("COMMIT")


def report(database, through, months):
    """The figures, a list of metric, month, segment, part, value."""
    with duckdb.connect(database, read_only=True) as connection:
        for name in REPORT:
            run(connection, SQL / "report" / f"{name}.sql", {"through": through, "last": int(months)})
        return connection.execute("FROM figures ORDER BY ALL").fetchall()


def counts(database):
    """Rows of each table, and of those rejected; what colleagues were asked, answered and met about apart, as Tenure never counts it out loud."""
    with duckdb.connect(database, read_only=True) as connection:
        of = {table: table for table in [*KEYS, "rejects"]}
        of |= {table: f"{table} WHERE staff_id IS NULL" for table in ["survey_sends", "survey_responses"]}
        of["interactions"] = "interactions WHERE kind <> 'one_on_one'"
        return {table: connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0] for table, rows in of.items()}


def main(command, *arguments):
    answer = {"import": import_exports, "report": report, "counts": counts}[command]
    start = time.perf_counter()
    found = answer(*arguments)
    seconds = time.perf_counter() - start
    if found is not None:
        json.dump(found, sys.stdout)
    print(f"{seconds:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
