#!/usr/bin/env python3
"""Verifies a corpus of plain or gzip shards with nothing but Python: verify.py CORPUS [sha256:DIGEST]

Recomputes every record digest from the shards, the lines of entries.txt, the Merkle root (RFC 9162), and
compares them with the newest manifest; then its digest with the one cited. Signatures are for
`ssh-keygen -Y verify`. Zstandard shards need the standard library of Python 3.14 or later.
"""
import glob
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


def read(path):
    if path.endswith(".gz"):
        return gzip.open(path).read()
    if path.endswith(".zst"):
        from compression import zstd  # Python 3.14
        return zstd.open(path).read()
    return open(path, "rb").read()


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


def main(corpus, cited=None):
    releases = os.path.join(corpus, "releases")
    newest = str(max(int(name) for name in os.listdir(releases) if name.isdigit()))
    manifest_bytes = read(os.path.join(releases, newest, "manifest.json"))
    manifest = json.loads(manifest_bytes)
    check(canonical(manifest) + b"\n" == manifest_bytes, "the manifest is not canonical")
    predicate = manifest["predicate"]

    lines = []
    for part in ("records", "relations", "withdrawals"):
        for path in sorted(glob.glob(os.path.join(corpus, part, "part-*"))):
            for line in read(path).splitlines():
                record = json.loads(line)
                content = record.pop("content", None)
                if content is not None:
                    digest = "sha256:" + sha256(canonical(content))
                    check(digest == record["content_digest"], f"{record['id']}: content altered")
                lines.append(f"{record['id']} {record['type']} {sha256(canonical(record))}".encode())
    lines.sort()
    entries = b"".join(line + b"\n" for line in lines)
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in manifest["subject"]}
    check(sha256(entries) == subjects["entries.txt"], "the records are not those of the release")
    check(len(lines) == predicate["records"]["size"], "the size differs")
    check("sha256:" + root(lines).hex() == predicate["records"]["root"], "the root differs")

    digest = "sha256:" + sha256(manifest_bytes)
    print(f"release {newest}: {len(lines)} records as sealed; the manifest is {digest}")
    if cited is not None:
        check(digest == cited, f"cited was {cited}")
        print("which is the one cited")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
