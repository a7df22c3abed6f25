#!/usr/bin/env python3
"""Verifies a corpus of plain or gzip shards with nothing but Python: verify.py CORPUS [sha256:DIGEST]

Takes the release whose digest is cited, or the newest. Recomputes every record digest from all files among the
records, whatever they are called and in whatever order, and from these the lines of entries.txt and the Merkle
root (RFC 9162), and compares them with the manifest; follows the chain behind it. Where a newer release changed or
withdrew records of the one that is cited, those cannot be verified, and that is no failure. Signatures are for
`ssh-keygen -Y verify`. Zstandard shards need the standard library of Python 3.14 or later.

Ends with 0 where all holds and the digest is the one cited, with 1 where something is wrong, with 3 where
something cannot be read or no digest was given.
"""
import gzip
import hashlib
import json
import os
import sys


def check(holds, otherwise):
    if not holds:
        sys.exit(f"FAILED: {otherwise}")


def ordered(value):
    """The value with its keys in the order of RFC 8785: by UTF-16 code units."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [ordered(item) for item in value]
    return value


def canonical(value):
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


LITTER = {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory"}


class NoZstandard(Exception):
    """This Python reads no Zstandard."""


def check_older(holds, otherwise):
    """As `check`, for a release that is not the newest: a newer one may have changed what does not hold."""
    if not holds:
        unverifiable(otherwise)


def unverifiable(why):
    print(f"UNVERIFIABLE: {why}")
    sys.exit(3)


def read(path):
    """The bytes of a file, in whatever container its first bytes show."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        if data[:2] == b"\x1f\x8b":
            return gzip.decompress(data)
        if data[:4] == b"\x28\xb5\x2f\xfd":
            from compression import zstd  # Python 3.14
            return zstd.decompress(data)
    except ImportError:
        raise NoZstandard(f"{path} is packed with zstd, which needs Python 3.14") from None
    except (EOFError, gzip.BadGzipFile) as error:
        check(False, f"{path}: {error}")
    except OSError as error:
        unverifiable(error)
    return data


def is_litter(path):
    names = path.split(os.sep)
    return any(
        name.lower() in LITTER or name.startswith(("._", ".~lock.")) or (len(name) > 1 and name.endswith("~"))
        for name in names
    )


def objects(path, litter):
    """The objects of the lines of a file; a file of an operating system may hold none."""
    found, wrong = [], None
    for number, line in enumerate(read(path).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            check(isinstance(value, dict), f"{path}:{number}: no record")
            found.append(value)
        except ValueError as error:
            wrong = wrong or f"{path}:{number}: {error}"
    check(wrong is None or (litter and not found), wrong)
    return found


def among(corpus, folder):
    """Every file below a folder, hidden and nested ones too; links of folders are not followed."""
    top = os.path.join(corpus, folder)
    check(not os.path.islink(top), f"{top} is a link to a folder")
    if not os.path.lexists(top):
        return
    for path, folders, files in os.walk(top, onerror=unverifiable):
        for name in folders:
            check(not os.path.islink(os.path.join(path, name)), f"{path}/{name} is a link to a folder")
        for name in files:
            file = os.path.join(path, name)
            if os.path.islink(file) and not os.path.exists(file):
                unverifiable(f"{file} is a link to what is not here")
            check(os.path.isfile(file), f"{file} is no file")
            yield file, is_litter(os.path.relpath(file, top))


def root(leaves):
    """RFC 9162, 2.1.1, in the words of the RFC."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()


def manifests(corpus):
    """The bytes of every manifest by the number of its release; a folder without one is no release."""
    releases = os.path.join(corpus, "releases")
    found = {}
    for name in os.listdir(releases):
        path = os.path.join(releases, name, "manifest.json")
        if name.isdigit() and name == str(int(name)) and os.path.lexists(path):
            found[int(name)] = read(path)
    check(found, "there is no release")
    return found


def listed(corpus, release, name):
    """The lines of a file of a release, which may be packed; none where it is not here."""
    for ending in ("", ".zst", ".gz"):
        path = os.path.join(corpus, "releases", str(release), name + ending)
        if os.path.exists(path):
            return read(path).splitlines()
    return None


def joined(lines):
    return b"".join(line + b"\n" for line in sorted(lines))


def subjects_of(manifest):
    return {subject["name"]: subject["digest"]["sha256"] for subject in manifest["subject"]}


def held_to_older(corpus, release, lines, sealed, newest, newest_sealed):
    """Says why the records are not those of a release that is not the newest: wrong is only what no release has."""
    later = listed(corpus, newest, "entries.txt") or lines
    if sha256(joined(later)) != newest_sealed:
        unverifiable(f"the entries of release {newest} are not known, nor from them those of release {release}")
    before = set(later)
    for number in range(newest - 1, release - 1, -1):
        for line in listed(corpus, number, "changes.txt") or []:
            if line.startswith(b"+"):
                before.discard(line[1:])
            else:
                before.add(line[1:])
    if sha256(joined(before)) != sealed:
        unverifiable(f"the entries of release {release} are not known")
    here, later = set(lines), set(later)
    check(here <= before | later, "a record is of no release")
    check(before & later <= here, "a record is missing")
    unverifiable(
        f"{len(here & before)} records as in release {release}; {len(before - here)} changed or withdrawn since, and not here; "
        f"{len(here - before)} of a newer release"
    )


def held_traces(corpus, release, predicate, subjects, judge):
    """Holds the traces to the release, as `judge` says; says how many are withheld."""
    traces = []
    for path, litter in among(corpus, "traces"):
        for line in objects(path, litter):
            traces.append(f"{line['id']} article {sha256(canonical(line['trace']))}".encode())
    traces.sort()
    judge(len(traces) == len(set(traces)), "a trace is here twice")
    judge(len(traces) <= predicate["traces"]["size"], "there are more traces than the release has")
    withheld = predicate["traces"]["size"] - len(traces)
    if withheld == 0:
        judge("sha256:" + root(traces).hex() == predicate["traces"]["root"], "the traces are others")
    else:
        path = os.path.join(corpus, "releases", str(release), "traces.txt")
        known = read(path).splitlines() if os.path.exists(path) else []
        judge(not known or sha256(read(path)) == subjects["traces.txt"], "traces.txt is another")
        if traces and not known:
            unverifiable("the traces cannot be held to traces.txt, which is not here")
        judge(set(traces) <= set(known), "a trace is another")
    return withheld


def main(corpus, cited=None):
    found = manifests(corpus)
    newest = max(found)
    digests = {number: "sha256:" + sha256(data) for number, data in found.items()}
    release = newest
    if cited is not None:
        release = next((number for number, digest in digests.items() if digest == cited), None)
        check(release is not None, f"cited was {cited}, and no release has it")
    manifest = json.loads(found[release])
    check(canonical(manifest) + b"\n" == found[release], "the manifest is not canonical")
    predicate = manifest["predicate"]
    check(predicate["release"] == release, "it is the manifest of another release")
    here = predicate
    while "previous" in here:
        before = here["previous"]
        if before["release"] not in found:
            unverifiable(f"release {before['release']} is not in this copy")
        check(before["release"] == here["release"] - 1, "the chain has a gap")
        check(digests[before["release"]] == before["digest"], "the release before is another")
        here = json.loads(found[before["release"]])["predicate"]
        check(here["corpus"]["origin"] == predicate["corpus"]["origin"], "the chain has two origins")
    check(here["release"] == 1, "the chain does not begin with release 1")

    lines = []
    for part, kind in (("records", "article"), ("relations", "relation"), ("withdrawals", "withdrawal")):
        for path, litter in among(corpus, part):
            for record in objects(path, litter):
                content = record.pop("content", None)
                check(record.get("type") == kind, f"{path}: {record.get('type')} does not belong in {part}")
                if content is not None:
                    digest = "sha256:" + sha256(canonical(content))
                    check(digest == record["content_digest"], f"{record['id']}: content altered")
                lines.append(f"{record['id']} {record['type']} {sha256(canonical(record))}".encode())
    lines.sort()
    check(len(lines) == len(set(lines)), "a record is here twice")
    subjects = subjects_of(manifest)
    sealed = subjects["entries.txt"]
    if release != newest and sha256(joined(lines)) != sealed:
        newest_sealed = subjects_of(json.loads(found[newest]))["entries.txt"]
        held_to_older(corpus, release, lines, sealed, newest, newest_sealed)
    check(sha256(joined(lines)) == sealed, f"the records are not those of release {release}")
    check(len(lines) == predicate["records"]["size"], "the size differs")
    check("sha256:" + root(lines).hex() == predicate["records"]["root"], "the root differs")

    try:
        withheld = held_traces(corpus, release, predicate, subjects, check if release == newest else check_older)
        traces = "trace is" if withheld == 1 else "traces are"
        about_traces = f"{withheld} {traces} not in this copy" if withheld else None
    except NoZstandard as why:
        about_traces = f"the traces were not looked at: {why}"

    print(f"release {release}: {len(lines)} records as sealed; the manifest is {digests[release]}")
    if about_traces:
        print(about_traces)
    if release != newest:
        print(f"release {newest} is newer, and was not judged")
    if cited is None:
        print("no digest was given: nobody vouches for it")
        sys.exit(3)
    print("which is the one cited")


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__.strip())
        sys.exit(0)
    if len(sys.argv) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    try:
        main(*sys.argv[1:])
    except NoZstandard as why:
        unverifiable(why)
