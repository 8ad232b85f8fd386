#!/usr/bin/env python3
"""Runs the SQL files of an assessment in DuckDB, over the Parquet that mantianxing made, and holds every table against ours.

    benches/same_in_duckdb.py OUT QUERIES             compares all tables under OUT/tables; exit 1 if one differs
    benches/same_in_duckdb.py OUT QUERIES --measure ASSESSMENT
                                                      and measures `mantianxing assess` beside DuckDB, in turn, on the same input

OUT is the `out` folder of an assessment that was run, QUERIES its `queries` folder. The files are run as they are, in the
order their table names give. Extracts are the rows that stand (OUT/extracts); reference, ingest and framework tables are
read from OUT; every other table is DuckDB's own, so that a difference is not hidden by the table before. Decimals, whole
numbers, texts, dates and truth values must be equal, doubles to 1e-12 relative.

Needs the Python package duckdb. TURNS=5 takes medians of five turns; MANTIANXING names the program (else the release build).
"""

import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb

TOLERANCE = 1e-12
THREADS = int(os.environ.get("THREADS", os.cpu_count() or 1))
ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = os.environ.get("MANTIANXING", str(TARGET / "release" / "mantianxing"))
# Comments and strings first, so that table names in them are not taken for tables.
WORDS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\b([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)\b", re.S)


def queries(out, folder):
    """Every SQL file by the name of its table. That of a survey item makes strata; what is estimated from them is no SQL."""
    found = {}
    for path in sorted(folder.glob("*/*.sql")):
        schema, table = path.parent.name, path.stem
        if schema == "indicators" and (out / "tables" / "strata" / f"{table}.parquet").exists():
            schema = "strata"
        found[f"{schema}.{table}"] = path.read_text("utf-8")
    return found


def ours(out, name):
    schema, table = name.split(".")
    return out / "tables" / schema / f"{table}.parquet"


def in_order(found):
    """Names of queries, each behind those it reads."""
    reads = {
        name: {f"{a}.{b}" for a, b in WORDS.findall(text)} & found.keys() - {name} for name, text in found.items()
    }
    done = []
    while len(done) < len(reads):
        ready = [name for name in reads if name not in done and reads[name] <= set(done)]
        if not ready:
            sys.exit(f"a circle among {sorted(set(reads) - set(done))}")
        done += ready
    return done


def quoted(path):
    return "'" + str(path).replace("'", "''") + "'"


def stands_under(out, steps, name):
    """The files a step made, as `state.json` says: what is no longer claimed must not be read."""
    made = steps.get(name, {}).get("outputs", [])
    return [out / one["path"] for one in made if one["path"].endswith(".parquet")]


def inputs(connection, out, found):
    """Views over what SQL reads and does not make."""
    steps = json.loads((out / "state.json").read_text("utf-8"))["steps"]
    views = {}
    for path in sorted(out.glob("reference/*.parquet")):
        views[f"reference.{path.stem}"] = f"SELECT * FROM read_parquet({quoted(path)})"
    for path in sorted(out.glob("*.parquet")):
        views[f"ingest.{path.stem}"] = f"SELECT * FROM read_parquet({quoted(path)})"
    for path in sorted(out.glob("tables/*/*.parquet")):
        name = f"{path.parent.name}.{path.stem}"
        if name not in found:
            views[name] = f"SELECT * FROM read_parquet({quoted(path)})"
    for name in sorted(one for one in steps if one.startswith("extracts.")):
        contract = name.split(".")[1]
        [state] = stands_under(out, steps, name)[:1] or [None]
        rows = sorted(path for path in (out / "extracts" / contract).glob("*.parquet") if not path.name.startswith("_"))
        if state is None or not rows:
            continue
        files = "[" + ", ".join(map(quoted, rows)) + "]"
        views[name] = (
            f"SELECT r.* FROM read_parquet({files}) AS r WHERE NOT EXISTS ("
            f"SELECT 1 FROM read_parquet({quoted(state)}) AS s WHERE s._origin = r._origin AND s.state <> 'kept')"
        )
    for name, select in views.items():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
        connection.execute(f"CREATE VIEW {name} AS {select}")
    return views


def run(out, folder, results):
    """Runs all queries whose inputs are there; every table becomes a Parquet file in `results`."""
    found = queries(out, folder)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}; SET TimeZone = 'UTC'")
    known = set(inputs(connection, out, found))
    for name in in_order(found):
        schema = name.split(".")[0]
        target = results / f"{name}.parquet"
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        select = found[name].rstrip().rstrip(";")
        columns = "*"
        if schema in ("indicators", "strata") and ours(out, name).exists():
            # Their columns are promised, and stand in the promised order however the query writes them.
            columns = ", ".join(f'"{column}"' for column in described(connection, ours(out, name)))
        try:
            connection.execute(f"COPY (SELECT {columns} FROM (\n{select}\n)) TO {quoted(target)} (FORMAT parquet)")
        except duckdb.Error as error:
            absent = {f"{a}.{b}" for a, b in WORDS.findall(select) if a in ("extracts",)} - known
            told = f"{name}: DuckDB: {error}"
            sys.exit(told if not absent else f"{told}\nnot there: {', '.join(sorted(absent))}")
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({quoted(target)})")


def described(connection, path):
    rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(path)})").fetchall()
    return {name: kind for name, kind, *_ in rows}


def difference(connection, made, theirs):
    """What differs between two files, in a few words; None where nothing does."""
    types, other = described(connection, made), described(connection, theirs)
    if types.keys() != other.keys():
        return f"columns {list(types)} and {list(other)}"
    # A column without any value has no type of its own.
    doubles = [name for name in types if "DOUBLE" in (types[name], other[name])]
    exact = [name for name in types if name not in doubles]
    order = ", ".join(f'"{name}"' for name in exact + doubles)
    rows = "SELECT *, row_number() OVER (ORDER BY {0}) AS _n FROM read_parquet({1})"
    wrong = [f'a."{name}" IS DISTINCT FROM b."{name}"' for name in exact]
    for name in doubles:
        a, b = f'CAST(a."{name}" AS DOUBLE)', f'CAST(b."{name}" AS DOUBLE)'
        near = f"abs({a} - {b}) <= {TOLERANCE} * greatest(abs({a}), abs({b}))"
        wrong.append(f"(({a} IS NULL) <> ({b} IS NULL) OR NOT coalesce({near} OR {a} = {b}, true))")
    counted = [connection.execute(f"SELECT count(*) FROM read_parquet({quoted(path)})").fetchone()[0] for path in (made, theirs)]
    if counted[0] != counted[1]:
        return f"{counted[0]} rows and {counted[1]}"
    first = connection.execute(
        f"SELECT a, b FROM ({rows.format(order, quoted(made))}) AS a JOIN ({rows.format(order, quoted(theirs))}) AS b "
        f"ON a._n = b._n WHERE {' OR '.join(wrong)} ORDER BY a._n LIMIT 1"
    ).fetchone()
    if first is None:
        return None
    a, b = first
    return ", ".join(f"{name}: {a[name]!r} and {b[name]!r}" for name in types if a[name] != b[name])


def compare(out, folder, results):
    connection = duckdb.connect()
    same, rows, wrong = 0, 0, []
    for name in sorted(queries(out, folder)):
        made, theirs = ours(out, name), results / f"{name}.parquet"
        told = difference(connection, made, theirs) if made.exists() else "not made by ours"
        if told is None:
            same += 1
            rows += connection.execute(f"SELECT count(*) FROM read_parquet({quoted(made)})").fetchone()[0]
        else:
            wrong.append(f"{name}: {told}")
    print("\n".join(wrong + [f"{same} tables of {rows} rows are the same in DuckDB {duckdb.__version__}, {len(wrong)} are not"]))
    return not wrong


def measure(command):
    """Seconds on the clock, seconds of processor, most memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {command}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measured(out, folder, assessment):
    """Takes turns; before each of ours, the tables of assess are gone, and nothing else."""
    runs = {"duckdb": [], "ours": []}
    for _ in range(int(os.environ.get("TURNS", "1"))):
        with tempfile.TemporaryDirectory() as results:
            runs["duckdb"].append(measure([sys.executable, __file__, out, folder, "--run", results]))
        shutil.rmtree(out / "tables")
        runs["ours"].append(measure([PROGRAM, "assess", "-C", assessment, "--quiet", "--threads", THREADS]))
    medians = {name: [statistics.median(column) for column in zip(*of)] for name, of in runs.items()}
    print(f"{THREADS} threads, {len(queries(out, folder))} queries")
    print(f"{'engine':<10}{'seconds':>9}{'ratio':>7}{'processor s':>13}{'ratio':>7}{'peak MB':>9}{'ratio':>7}")
    for name, of in medians.items():
        (clock, processor, peak), (a, b, c) = of, medians["duckdb"]
        print(f"{name:<10}{clock:>9.2f}{clock / a:>7.2f}{processor:>13.2f}{processor / b:>7.2f}{peak:>9.0f}{peak / c:>7.2f}")


def main():
    out, folder = (pathlib.Path(name).resolve() for name in sys.argv[1:3])
    if sys.argv[3:4] == ["--run"]:
        return run(out, folder, pathlib.Path(sys.argv[4]))
    if sys.argv[3:4] == ["--measure"]:
        measured(out, folder, sys.argv[4])
    with tempfile.TemporaryDirectory() as results:
        run(out, folder, pathlib.Path(results))
        sys.exit(0 if compare(out, folder, pathlib.Path(results)) else 1)


main()
