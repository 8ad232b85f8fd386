#!/usr/bin/env python3
"""Measures how a long register of enterprises becomes Parquet: ours with every check, beside DuckDB and polars with none.

    benches/registry.py                    the register of the invented city, made by `mantianxing sample` (1.6 million rows)
    benches/registry.py FILE.csv [CONTRACT.toml REFERENCE]

The file is UTF-8; its twin in GB18030 is made here and read by ours alone. Each reading is a process of its own and writes
Parquet. `ours` decodes, finds the table, checks and types every value under the contract, drops what is personal, accounts
for every row; `duckdb` is COPY (SELECT * FROM read_csv) TO parquet, `polars` scan_csv then sink_parquet, both as they come.
All may use as many threads as there are cores. They take turns, so that a slow moment of the machine meets all; printed
are medians, and ratios to DuckDB. Needs the network the first time: the two are installed into an environment of their own.
"""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "bench-registry"
PYTHON = WORK / "venv" / "bin" / "python"
TURNS = int(os.environ.get("TURNS", "5"))
THREADS = str(os.cpu_count() or 1)

DUCKDB = """
import sys, duckdb
con = duckdb.connect()
con.execute("SET threads = " + sys.argv[3])
con.execute("COPY (SELECT * FROM read_csv('" + sys.argv[1] + "')) TO '" + sys.argv[2] + "' (FORMAT parquet)")
"""

POLARS = """
import sys, polars
polars.scan_csv(sys.argv[1], infer_schema_length=100_000).sink_parquet(sys.argv[2])
"""


def prepare():
    WORK.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "duckdb", "polars"], check=True)
    build = ["cargo", "build", "--release", "-q", "-p", "mantianxing-ingest", "--example", "read"]
    subprocess.run(build, check=True, cwd=ROOT)


def made():
    path = WORK / "city" / "twin" / "registry.csv"
    if not path.exists():
        sample = ["cargo", "run", "--release", "-q", "-p", "mantianxing", "--"]
        subprocess.run([*sample, "sample", "--scale", "city", "--twin", WORK / "city"], check=True, cwd=ROOT)
    return path


def gb18030(path):
    twin = WORK / (path.stem + "-gb18030.csv")
    if not twin.exists():
        with open(path, encoding="utf-8-sig", newline="") as text, open(twin, "w", encoding="gb18030", newline="") as out:
            while piece := text.read(1 << 20):
                out.write(piece)
    return twin


def measure(command):
    """Seconds on the clock, seconds of processor, most memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {command}")
    rows = re.search(r"rows (\d+) kept (\d+)", printed)
    if rows:
        print("  " + rows.group(0), file=sys.stderr)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    prepare()
    arguments = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    path = arguments[0] if arguments else made()
    contract = arguments[1] if len(arguments) > 1 else ROOT / "contracts/registry.toml"
    reference = arguments[2] if len(arguments) > 2 else ROOT / "data-samples/synthetic/reference"
    twin = gb18030(path)
    out = str(WORK / "out-")
    reader = TARGET / "release" / "examples" / "read"
    readers = {
        "duckdb": [PYTHON, "-c", DUCKDB, path, out + "duckdb.parquet", THREADS],
        "polars": [PYTHON, "-c", POLARS, path, out + "polars.parquet"],
        "ours": [reader, path, contract, THREADS, out, reference],
        "ours, 1 thread": [reader, path, contract, "1", out, reference],
        "ours, GB18030": [reader, twin, contract, THREADS, out, reference],
    }
    runs = {name: [] for name in readers}
    for _ in range(TURNS):
        for name, command in readers.items():
            runs[name].append(measure(list(map(str, command))))
    medians = {name: [statistics.median(column) for column in zip(*of)] for name, of in runs.items()}
    first = medians["duckdb"]
    print(f"{path.name}, {path.stat().st_size / 1e6:.0f} MB, {THREADS} threads, {TURNS} turns")
    print(f"{'reader':<18}{'seconds':>9}{'ratio':>7}{'processor s':>13}{'ratio':>7}{'peak MB':>9}{'ratio':>7}")
    for name, of in medians.items():
        (clock, processor, peak), (a, b, c) = of, first
        print(f"{name:<18}{clock:>9.1f}{clock / a:>7.2f}{processor:>13.1f}{processor / b:>7.2f}{peak:>9.0f}{peak / c:>7.2f}")


main()
