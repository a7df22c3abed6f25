#!/usr/bin/env python3
"""Sends a corpus through common tools as JSON lines and back, and checks what comes out.

    tests/interop/round_trip.py DATELINE CORPUS [--install FOLDER]

With the settings of spec/corpus.md ("Other tools") the content stays equal, and `dateline check` must
find nothing: neither error nor warning, only what it finds in the corpus as it is. At the settings that a
tool has by itself some values change, and the hint must then name a tool that is known to do so.

A tool that is not there is said to be missing. With --install the Python ones are installed into FOLDER,
where a registry is reachable. Standard library only, besides the tools.
"""

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import warnings
from pathlib import Path

PACKAGES = ["pandas==3.1.1", "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1", "datasets==5.2.0"]


def install(folder):
    """Runs this script again with the Python of a virtual environment that has the tools."""
    python = folder / "bin" / "python"
    if Path(sys.executable) == python:
        return
    done = folder / "installed"
    if not done.exists():
        try:
            venv.create(folder, clear=True, with_pip=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--retries", "1", "--timeout", "20", *PACKAGES]
            subprocess.run(pip, check=True, timeout=170)
            done.touch()
        except (OSError, subprocess.SubprocessError) as error:
            print(f"not installed: no registry is reachable, or a package does not fit: {error}")
            return
    os.execv(python, [python, *sys.argv])


def drop_nulls(value):
    """The value without members that are null, which some tools write for absent ones."""
    if isinstance(value, dict):
        return {key: drop_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [drop_nulls(one) for one in value]
    return value


def lines_of(path):
    """The lines of a file; U+2028 and its kin end none."""
    return [line for line in path.read_text("utf-8").split("\n") if line]


def without_nulls(path):
    lines = [json.loads(line) for line in lines_of(path)]
    text = "".join(json.dumps(drop_nulls(line), ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, "utf-8")


# Each way takes the lines of one file into another. Those of KEEP keep all values equal.

def standard(end="\n", **options):
    def way(source, target):
        lines = lines_of(source)
        with open(target, "w", encoding="utf-8", newline="") as out:
            out.writelines(json.dumps(json.loads(line), **options) + end for line in lines)
    return way


def jq(*options):
    def way(source, target):
        with open(source, "rb") as lines, open(target, "wb") as out:
            subprocess.run(["jq", *options, "."], stdin=lines, stdout=out, check=True)
    return way


def pandas_kept(source, target):
    import pandas
    frame = pandas.read_json(source, lines=True, dtype=False, convert_dates=False)
    frame.to_json(target, orient="records", lines=True, force_ascii=False)
    without_nulls(target)


def pandas_default(source, target):
    import pandas
    pandas.read_json(source, lines=True).to_json(target, orient="records", lines=True)


def pandas_flat(source, target):
    import pandas
    lines = [json.loads(line) for line in lines_of(source)]
    pandas.json_normalize(lines).to_json(target, orient="records", lines=True)


def polars_kept(source, target):
    import polars
    polars.read_ndjson(source, infer_schema_length=None).write_ndjson(target)
    without_nulls(target)


def polars_default(source, target):
    import polars
    polars.read_ndjson(source).write_ndjson(target)


def duckdb_kept(source, target):
    import duckdb
    # Neither format is one that a value has, so that no text is taken for a time.
    read = f"read_json('{source}', format='newline_delimited', sample_size=-1, " \
           "maximum_object_size=67108864, timestampformat='text', dateformat='text', " \
           "map_inference_threshold=-1, convert_strings_to_integers=false)"
    duckdb.sql(f"COPY (SELECT * FROM {read}) TO '{target}' (FORMAT json)")
    without_nulls(target)


def duckdb_default(source, target):
    import duckdb
    duckdb.sql(f"COPY (SELECT * FROM read_json('{source}')) TO '{target}' (FORMAT json)")


def load(source):
    import datasets
    datasets.disable_progress_bars()
    cache = Path(target_folder) / "datasets"
    return datasets.load_dataset("json", data_files=str(source), split="train", cache_dir=str(cache))


def datasets_kept(source, target):
    load(source).to_json(target, force_ascii=False)
    without_nulls(target)


def datasets_default(source, target):
    load(source).to_json(target)


KEEP = [
    ("json", "json.loads, json.dumps", standard()),
    ("json", "json.dumps(ensure_ascii=False)", standard(ensure_ascii=False)),
    ("json", "json.dumps(sort_keys=True)", standard(sort_keys=True)),
    ("json", "json.dumps, CR LF", standard(end="\r\n")),
    ("jq", "jq -c", jq("-c")),
    ("jq", "jq -cS", jq("-cS")),
    ("jq", "jq -ca", jq("-ca")),
    ("pandas", "pandas with the settings of the spec", pandas_kept),
    ("polars", "Polars with the settings of the spec", polars_kept),
    ("duckdb", "DuckDB with the settings of the spec", duckdb_kept),
    ("datasets", "datasets with the settings of the spec", datasets_kept),
]

CHANGE = [
    ("jq", "jq without -c", jq(), "jq -c"),
    ("pandas", "pandas as it is", pandas_default, "pandas"),
    ("pandas", "pandas.json_normalize", pandas_flat, "pandas.json_normalize"),
    ("polars", "Polars as it is", polars_default, "Polars"),
    ("duckdb", "DuckDB as it is", duckdb_default, "DuckDB"),
    ("datasets", "datasets as it is", datasets_default, "datasets"),
]


def missing(tool):
    """Why a tool is not there; nothing where it is."""
    if tool == "jq":
        return None if shutil.which("jq") else "jq is not installed"
    if importlib.util.find_spec(tool) is None:
        return f"{tool} is not importable"
    return None


def plain(path):
    """The bytes of a shard, decompressed; nothing where that is not possible."""
    if path.suffix != ".zst":
        return path.read_bytes()
    if importlib.util.find_spec("pyarrow"):
        import pyarrow
        with pyarrow.CompressedInputStream(str(path), "zstd") as stream:
            return stream.read()
    if shutil.which("zstd"):
        return subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout
    return None


def through(corpus, target, way, parts):
    """A copy of the corpus whose shards of these parts went one way."""
    shutil.copytree(corpus, target)
    for part in parts:
        for shard in sorted((target / part).glob("part-*.jsonl*")):
            lines = plain(shard)
            if lines is None:
                print("  traces are left as they are: neither pyarrow nor zstd is there")
                continue
            source = target / "source.jsonl"
            source.write_bytes(lines)
            shard.unlink()
            way(source, shard.with_name(shard.name.removesuffix(".zst")))
            source.unlink()


def check(dateline, corpus):
    run = subprocess.run([dateline, "check", corpus, "--format", "json"], stdout=subprocess.PIPE)
    return run.returncode, json.loads(run.stdout)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("dateline", type=Path)
    options.add_argument("corpus", type=Path)
    options.add_argument("--install", type=Path)
    options = options.parse_args()
    if options.install:
        install(options.install.absolute())
    warnings.simplefilter("ignore")  # of what a tool will do in later versions
    dateline = options.dateline.absolute()
    exit_code, before = check(dateline, options.corpus)
    assert exit_code == 0, before
    failed = 0
    for tool, name, way in KEEP:
        if why := missing(tool):
            print(f"not run: {name}: {why}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "corpus"
            global target_folder
            target_folder = folder
            through(options.corpus, target, way, ["records", "relations", "traces"])
            exit_code, report = check(dateline, target)
        good = exit_code == 0 and report["codes"] == before["codes"] and report["facets"] == before["facets"]
        print(f"{'clean' if good else 'FAILED'}: {name}")
        if not good:
            failed += 1
            print(json.dumps(report, indent=1)[:4000])
    for tool, name, way, named in CHANGE:
        if why := missing(tool):
            print(f"not run: {name}: {why}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "corpus"
            target_folder = folder
            through(options.corpus, target, way, ["records"])
            exit_code, report = check(dateline, target)
        hints = {one.get("hint", "") for one in report["diagnostics"]}
        good = exit_code == 1 and any(named in hint for hint in hints)
        print(f"{'named' if good else 'FAILED'}: {name}")
        if not good:
            failed += 1
            print(json.dumps(report, indent=1)[:4000])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
