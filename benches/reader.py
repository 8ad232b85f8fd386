#!/usr/bin/env python3
"""Measures the reader beside python-calamine, on the same files and in one run.

    benches/reader.py                      a workbook of 142,000 rows made here
    benches/reader.py FILE.xlsx …          any workbooks

Each reading is a process of its own. `calamine` is the bare reading of all sheets into lists, `open` is our opening of
the same sheets, `read` the whole way from bytes to typed, accounted Arrow rows: the columns of the first sheet as text.
Seconds are taken inside the process around the reading alone, the memory is the most the process held. The readers take
turns, so that a slow moment of the machine meets all; printed are the medians.
"""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "bench-reader"
PYTHON = WORK / "venv" / "bin" / "python"
TURNS = 5

BARE = """
import sys, time, resource
from python_calamine import CalamineWorkbook
start = time.perf_counter()
book = CalamineWorkbook.from_path(sys.argv[1])
sheets = [book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(len(book.sheet_names))]
seconds = time.perf_counter() - start
width = max((len(row) for row in sheets[0][:1000]), default=0)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"rows {sum(map(len, sheets))} columns {width} seconds {seconds:.3f} peak_kb {peak}")
"""

MADE = """
import sys, openpyxl
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet("名单")
sheet.append(["代码", "名称", "登记机关", "户数", "余额"])
for at in range(142_000):
    name = f"温州市某某科技有限公司{at}"
    sheet.append([f"9133030{at:011d}", name, "某某市场监督管理局", at % 97, at * 37 % 100_003 / 100])
book.save(sys.argv[1])
"""


def prepare():
    if not PYTHON.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "python-calamine", "openpyxl"], check=True)
    build = ["cargo", "build", "--release", "-q", "-p", "mantianxing-ingest", "--example", "read"]
    subprocess.run(build, check=True, cwd=ROOT)


def made():
    path = WORK / "made.xlsx"
    if not path.exists():
        subprocess.run([PYTHON, "-c", MADE, path], check=True)
    return path


def measure(command):
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]
    return {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+)", printed)}


def main():
    prepare()
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]] or [made()]
    reader = TARGET / "release" / "examples" / "read"
    print(f"{'file':<28}{'reader':<10}{'rows':>10}{'seconds':>10}{'ratio':>8}{'peak MB':>10}{'ratio':>8}")
    for path in files:
        columns = str(int(measure([PYTHON, "-c", BARE, path])["columns"]))
        readers = {
            "calamine": [PYTHON, "-c", BARE, path],
            "open": [reader, path],
            "read": [reader, path, columns],
        }
        runs = {name: [] for name in readers}
        for _ in range(TURNS):
            for name, command in readers.items():
                runs[name].append(measure(command))
        median = {
            name: {what: statistics.median(run[what] for run in all_runs) for what in all_runs[0]}
            for name, all_runs in runs.items()
        }
        bare = median["calamine"]
        for name, of in median.items():
            seconds, peak = of["seconds"], of["peak_kb"] / 1024
            print(
                f"{path.name[:26]:<28}{name:<10}{int(of['rows']):>10}{seconds:>10.3f}"
                f"{seconds / bare['seconds']:>8.2f}{peak:>10.1f}{of['peak_kb'] / bare['peak_kb']:>8.2f}"
            )


main()
