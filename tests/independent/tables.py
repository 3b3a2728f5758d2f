"""A workspace's raw files as typed tables, by its mappings and the verdicts of an import.

    lake = Lake("tenure-demo")
    lake.rows("subscriptions")     list of named tuples, one field a column of the table's description, None where empty
    lake.settings                  tenure.toml as a dict; lake.currency, lake.calendar (periods.Calendar)
    lake.observed_to("tickets", "ticket_events")   earliest "data through" of the sources that feed these tables
    lake.attribute("acc-1", "plan", instant)       the account's attribute as of an instant (versions up to and including it;
                                                   the first known version extends backwards)
    lake.known_accounts            ids of all accounts, merged ones left out
    lake.survivor(account_id)      the account that a merge made of it
    lake.rate("EUR", day)          workspace currency for one unit, of the last rate on or before the local day; None if there is none
    lake.verdicts["subscriptions"] {"read", "kept", "rejected"}; lake.rejects: list of (table, reason)

What rows() has done already:
- the mapping's SQL ran in DuckDB over the files, every cell being text and an empty cell null;
- rows are typed: instants are aware UTC datetimes (a text without zone is in the source's zone, else the workspace's), dates are
  `date`, decimals, money and rates are exact `Fraction`s, ints are `int`, bools `bool`, texts `str`; defaults are filled in;
- rejected rows are out: a required column missing, a value of the wrong type or out of its bounds or list, an end not after its start;
- of the rows with one key only the last counts;
- account columns name the survivor of merges (but `accounts` itself is left as it is).
"""
import glob
import json
import os
import re
import tomllib
from bisect import bisect_right
from collections import defaultdict, namedtuple
from datetime import date, datetime, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from periods import Calendar

DESCRIPTIONS = Path(__file__).resolve().parents[2] / "crates" / "schema" / "tables"
NO_ATTRIBUTES = {"account_id", "valid_from", "merged_into", "created_at"}  # of a version of an account
BEGINNING = datetime(1, 1, 1, tzinfo=timezone.utc)
NUMBERS = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class Reject(Exception):
    """A row that is not accepted, with its reason."""


def typed(text, kind, zone):
    """A cell's text as a value of the described type, or Reject."""
    text = text.strip()
    try:
        if kind == "text":
            return text
        if kind == "instant":
            at = datetime.fromisoformat(text)
            return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(timezone.utc)
        if kind == "date":
            return datetime.fromisoformat(text).date()
        if kind in ("decimal", "money", "rate", "int"):
            if not NUMBERS.fullmatch(text):
                raise ValueError
            number = Fraction(text)
            if kind == "int":
                if number.denominator != 1:
                    raise ValueError
                return int(number)
            return number
        if kind == "bool":
            return {"true": True, "t": True, "yes": True, "1": True, "false": False, "f": False, "no": False, "0": False}[text.lower()]
    except (ValueError, KeyError, OverflowError):
        raise Reject(f"`{text}` is no {kind}") from None
    raise RuntimeError(f"unknown type {kind}")


class Description:
    """A table's description from crates/schema/tables."""

    def __init__(self, name):
        with open(DESCRIPTIONS / f"{name}.toml", "rb") as file:
            described = tomllib.load(file)
        self.name = name
        self.key = described["key"]
        self.columns = described["columns"]
        self.row = namedtuple(name, list(self.columns) + ["attributes"], rename=False)

    def typed_row(self, cells, zone, currency):
        """A named tuple of a mapped row {column: text}, or Reject."""
        values = {}
        for name, column in self.columns.items():
            text = cells.get(name)
            value = None if text is None or text.strip() == "" else typed(text, column["type"], zone)
            if value is None and "default" in column:
                value = self.default(column, currency)
            if value is None and (column.get("required") or name in self.key):
                raise Reject(f"{name} is missing")
            if value is not None:
                if "min" in column and value < column["min"] or "max" in column and value > column["max"]:
                    raise Reject(f"{name} is out of bounds")
                if "one_of" in column and value not in column["one_of"]:
                    raise Reject(f"{name} is not one of the list")
                if name == "email":
                    value = value.lower()
            values[name] = value
        for name, column in self.columns.items():
            start = column.get("after")
            if start and values[name] is not None and values[start] is not None and values[name] <= values[start]:
                raise Reject(f"{name} is not after {start}")
        extra = {name: text for name, text in cells.items() if name not in self.columns and not name.startswith("_")}
        return self.row(**values, attributes=extra)

    @staticmethod
    def default(column, currency):
        given = column["default"]
        if given == "beginning" and column["type"] == "instant":
            return BEGINNING
        if given == "currency" and column["type"] == "text":
            return currency
        return given if column["type"] == "text" else typed(given, column["type"], timezone.utc)


class Source:
    """One mapping file: reads its files as text and runs its SQL."""

    def __init__(self, path, workspace_zone):
        with open(path, "rb") as file:
            mapping = tomllib.load(file)
        self.folder = path.parent.parent
        self.zone = ZoneInfo(mapping["timezone"]) if "timezone" in mapping else workspace_zone
        self.data_through = typed(str(mapping["data_through"]), "instant", self.zone) if "data_through" in mapping else None
        self.files = mapping.get("files", {})
        self.tables = {table: [sql] if isinstance(sql, str) else sql for table, sql in mapping["tables"].items()}
        self.con = None

    def mapped(self, table):
        """The mapped rows of a table as {column: text}, in the order of the files."""
        if self.con is None:
            self.con = self.open()
        for sql in self.tables[table]:
            yield from self.run(sql.strip().rstrip(";"))

    def open(self):
        con = duckdb.connect()
        con.execute("SET threads = 1")
        con.execute("CREATE MACRO to_date(x, f) AS CAST(strptime(x, f) AS DATE)")
        con.execute("CREATE MACRO to_timestamp(x, f) AS strptime(x, f)")
        for name, options in self.files.items():
            pattern = re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: os.environ.get(m[1], m[2]), options["path"])
            paths = sorted(glob.glob(str(self.folder / pattern)))
            if not paths:
                raise FileNotFoundError(f"{self.folder / pattern}: no such file")
            parts = [self.scan(con, path, options) for path in paths]
            con.execute(f'CREATE TABLE "_all_{name}" AS SELECT row_number() OVER () AS _number, * FROM ({" UNION ALL BY NAME ".join(parts)})')
            con.execute(f'CREATE VIEW "{name}" AS SELECT * EXCLUDE (_number) FROM "_all_{name}"')
        return con

    @staticmethod
    def scan(con, path, options):
        """SQL that reads one file, every column as text."""
        quoted = path.replace("'", "''")
        kind = options.get("format") or ("jsonl" if path.endswith(".jsonl") else "csv")
        file = f"SELECT '{os.path.basename(quoted)}' AS _file, *"
        nulls = ", ".join("'" + text.replace("'", "''") + "'" for text in options.get("null", [""]))
        if kind == "csv":
            return (f"{file} FROM read_csv('{quoted}', all_varchar = true, header = true, delim = '{options.get('delimiter', ',')}', "
                    f"quote = '\"', escape = '\"', nullstr = [{nulls}], auto_detect = false, columns = {Source.header(path, options)})")
        if kind == "jsonl":
            names = {}
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    if line.strip():
                        names.update(dict.fromkeys(json.loads(line)))
            columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"
            return f"{file} FROM read_json('{quoted}', format = 'newline_delimited', columns = {columns})"
        raise RuntimeError(f"{path}: format {kind} is not read here")

    @staticmethod
    def header(path, options):
        import csv
        with open(path, encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, delimiter=options.get("delimiter", ",")))
        return "{" + ", ".join("'" + name.replace("'", "''") + "': 'VARCHAR'" for name in names) + "}"

    def run(self, sql):
        """The query's rows. Where a cast fails, the rows it fails on are found by halving, and yielded as None: rejected."""
        try:
            return self.fetch(sql)
        except (duckdb.ConversionException, duckdb.InvalidInputException):
            read = [name for name in self.files if re.search(rf'\b{name}\b', sql)]
            if len(read) != 1:
                raise
            name = read[0]
            count = self.con.execute(f'SELECT count(*) FROM "_all_{name}"').fetchone()[0]
            rows = self.halve(sql, name, 1, count)
            self.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * EXCLUDE (_number) FROM "_all_{name}"')
            return rows

    def halve(self, sql, name, low, high):
        self.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * EXCLUDE (_number) FROM "_all_{name}" WHERE _number BETWEEN {low} AND {high}')
        try:
            return self.fetch(sql)
        except (duckdb.ConversionException, duckdb.InvalidInputException):
            if low == high:
                return [None]
            middle = (low + high) // 2
            return self.halve(sql, name, low, middle) + self.halve(sql, name, middle + 1, high)

    def fetch(self, sql):
        described = self.con.execute(f"DESCRIBE {sql}").fetchall()
        columns = [row[0] for row in described]
        texts = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in columns)
        return [dict(zip(columns, row)) for row in self.con.execute(f"SELECT {texts} FROM ({sql})").fetchall()]


class Lake:
    def __init__(self, folder):
        folder = self.folder = Path(folder)
        with open(folder / "tenure.toml", "rb") as file:
            self.settings = tomllib.load(file)
        self.currency = self.settings.get("currency", "USD")
        self.calendar = Calendar(self.settings.get("timezone", "UTC"))
        self.sources = [Source(path, self.calendar.zone) for path in sorted((folder / "sources").glob("*.toml"))]
        self.verdicts, self.rejects, self._rows, self._changes = {}, [], {}, {}
        self._versions = self._by_account(self.rows("accounts"))
        self._moved = {row.account_id: row.merged_into for row in self.rows("accounts") if row.merged_into}
        self.known_accounts = {account for account in self._versions if account not in self._moved}
        self._rates = None

    def rows(self, table):
        if table not in self._rows:
            self._rows[table] = self._load(table)
        return self._rows[table]

    def _load(self, table):
        described = Description(table)
        kept, read, rejected = {}, 0, 0
        for source in self.sources:
            if table not in source.tables:
                continue
            for cells in source.mapped(table):
                read += 1
                try:
                    if cells is None:
                        raise Reject("an expression of the mapping fails on it")
                    row = described.typed_row(cells, source.zone, self.currency)
                except Reject as reason:
                    rejected += 1
                    self.rejects.append((table, str(reason)))
                    continue
                kept[tuple(getattr(row, name) for name in described.key)] = row
        self.verdicts[table] = {"read": read, "kept": len(kept), "rejected": rejected}
        rows = list(kept.values())
        if table == "accounts":
            return rows
        accounts = [name for name, column in described.columns.items() if column.get("references") == "accounts"]
        return [self._moved_row(row, accounts) for row in rows]

    def _moved_row(self, row, columns):
        moved = {name: self.survivor(getattr(row, name)) for name in columns if getattr(row, name) in self._moved}
        return row._replace(**moved) if moved else row

    def survivor(self, account):
        seen = set()
        while account in self._moved and account not in seen:
            seen.add(account)
            account = self._moved[account]
        return account

    @staticmethod
    def _by_account(rows):
        versions = defaultdict(list)
        for row in rows:
            versions[row.account_id].append(row)
        return {account: sorted(rows, key=lambda row: row.valid_from) for account, rows in versions.items()}

    def version(self, account, instant):
        """The account's version in force at an instant (valid_from <= instant), else its first; None for an unknown account."""
        versions = self._versions.get(account)
        if not versions:
            return None
        place = bisect_right([row.valid_from for row in versions], instant)
        return versions[max(place - 1, 0)]

    def changes(self, account):
        """The instants at which an attribute of the account changed. Its first version holds backwards, so it changes nothing."""
        if account not in self._changes:
            versions = self._versions.get(account, [])
            self._changes[account] = [
                later.valid_from for earlier, later in zip(versions, versions[1:])
                if any(getattr(earlier, name) != getattr(later, name) for name in later._fields if name not in NO_ATTRIBUTES)
            ]
        return self._changes[account]

    def stretch(self, account, instant):
        """Which of the stretches of time an instant lies in during which the account's attributes stay the same."""
        return bisect_right(self.changes(account), instant)

    def attribute(self, account, name, instant):
        version = self.version(account, instant)
        if version is None:
            return None
        return getattr(version, name) if name in version._fields else version.attributes.get(name)

    def observed_to(self, *tables):
        """The earliest "data through" of the sources that feed these tables, or of all where none does."""
        stated = [source for source in self.sources if source.data_through is not None]
        feeding = [source for source in stated if any(table in source.tables for table in tables)]
        return min(source.data_through for source in feeding or stated)

    def rate(self, currency, day):
        if currency == self.currency:
            return Fraction(1)
        if self._rates is None:
            self._rates = defaultdict(list)
            for row in sorted(self.rows("fx_rates"), key=lambda row: row.day):
                if row.quote == self.currency:
                    self._rates[row.currency].append((row.day, row.rate))
        known = self._rates.get(currency, [])
        place = bisect_right(known, day, key=lambda pair: pair[0])
        return known[place - 1][1] if place else None
