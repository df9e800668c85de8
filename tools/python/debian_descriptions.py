#!/usr/bin/env python3
"""A text data set of every Debian machine: one-line descriptions of packages, by who maintains them.

    tools/python/debian_descriptions.py results/descriptions                # 50 clients of the lists that apt has here
    tools/python/debian_descriptions.py FOLDER Packages other_Packages.lz4  # of these lists

Reads the package lists (`apt-get update` brings them; plain, or compressed as apt's own helper reads it), and writes

    train.jsonl   a line {"label": 3, "client": "1c59…", "text": "…"} for each description, client after client
    test.jsonl    the same, without client
    clients.csv   name,samples: a fleet for `devices: {file: …}`, a device for each client
    labels.txt    the names of the labels, a line each

Label: the section, of the ten with most descriptions; others are left out. Client: the maintainer, which is naturally uneven in size
and in labels. Clients are those of --least descriptions or more whose hashes come first, no choice of ours. A tenth of the source
packages, by hash, is the test set, of all maintainers; so no package of one source stands in both. A description stands once, with
the package whose name comes first. The same lists give the same bytes; lists change with Debian's releases.

No person is named: a client is the first 12 digits of SHA-256 of the maintainer's address in lower case, and a description in which
a maintainer's name stands is left out. A hash is a pseudonym: who has the lists can compute it too. Descriptions belong to their
packages; the files are not for publishing.

Printed is how uneven the clients are, beside Dirichlet's partitions of the same descriptions among as many clients.
"""

import argparse
import collections
import hashlib
import json
import random
import re
import statistics
import subprocess
import sys
from pathlib import Path

LABELS = 10
#: One in so many source packages is a test.
TEST_SHARE = 10
#: What knows all compressions of apt's lists.
HELPER = "/usr/lib/apt/apt-helper"
ALPHAS = (0.1, 0.3, 1.0)

#: A description: its label is the section, its client an address.
Description = collections.namedtuple("Description", "package source section client text")


class Refused(Exception):
    """Why nothing is written."""


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def lists():
    """The package lists that apt has here."""
    try:
        done = subprocess.run(["apt-get", "indextargets", "--format", "$(FILENAME)", "Created-By: Packages"],
                              capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Refused("apt-get is not here or does not answer; name files of packages") from None
    found = [line for line in done.stdout.splitlines() if Path(line).exists()]
    if not found:
        raise Refused("apt has no package lists here; 'apt-get update' brings them")
    return sorted(found)


def text(path):
    """What a list says."""
    try:
        data = Path(path).read_bytes()
        if not data.lstrip().startswith(b"Package:"):
            data = subprocess.run([HELPER, "cat-file", str(path)], capture_output=True, check=True).stdout
        return data.decode()
    except FileNotFoundError as error:
        raise Refused(f"{error.filename}: there is no such file") from None
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from None
    except subprocess.CalledProcessError as error:
        raise Refused(f"{path}: {HELPER} cannot read it: {error.stderr.decode(errors='replace').strip()}") from None
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: byte {error.start} is no UTF-8") from None


def stanzas(lines):
    """The fields of each package; of a field that goes on, its first line."""
    fields = {}
    for line in lines:
        if not line.strip():
            if fields:
                yield fields
            fields = {}
        elif line[0] not in " \t":
            key, _, value = line.partition(":")
            fields[key] = value.strip()
    if fields:
        yield fields


def read(paths):
    """All descriptions, each once, in the order of packages' names."""
    found, names = set(), set()
    for path in paths:
        count = 0
        for fields in stanzas(text(path).splitlines()):
            if not {"Package", "Maintainer", "Description", "Section"} <= fields.keys():
                continue
            count += 1
            package = fields["Package"]
            name, _, address = fields["Maintainer"].rpartition("<")
            names.add(words(name))
            found.add(Description(
                package, fields.get("Source", package).split(" ")[0], fields["Section"].split("/")[-1],
                address.rstrip("> ").lower(), " ".join(fields["Description"].split())))
        if not count:
            raise Refused(f"{path}: it is no list of packages; each has Package, Maintainer, Section and Description")
    names = {name for name in names if len(name) > 1}
    kept, texts = {}, set()
    for one in sorted(found):
        if one.package not in kept and one.text.lower() not in texts and not named(one.text, names):
            kept[one.package] = one
            texts.add(one.text.lower())
    return list(kept.values())


def words(value):
    return tuple(re.findall(r"\w+", value.lower()))


def named(value, names):
    """Whether one of the names, of two words or more, stands in a text."""
    value = words(value)
    longest = max(map(len, names), default=0)
    return any(value[start:start + length] in names
               for start in range(len(value)) for length in range(2, min(longest, len(value) - start) + 1))


#: The descriptions by client, clients in the order of their hashes, those of the test, and the labels' names.
Parts = collections.namedtuple("Parts", "clients test labels")


def parts(descriptions, clients, least, most=None, test=None):
    """The data set; `most` and `test` are how many descriptions a client and the test have at most, first by hash."""
    sizes = collections.Counter(one.section for one in descriptions)
    labels = sorted(sorted(sizes, key=lambda name: (-sizes[name], name))[:LABELS])
    mixed = sorted((one for one in descriptions if one.section in labels), key=lambda one: digest(one.package))
    is_test = {one.source: int(digest(one.source), 16) % TEST_SHARE == 0 for one in mixed}
    owned = collections.defaultdict(list)
    for one in mixed:
        if not is_test[one.source]:
            owned[digest(one.client)[:12]].append(one)
    large = sorted(name for name, own in owned.items() if len(own) >= least)
    if len(large) < clients:
        raise Refused(f"{len(large)} maintainers have {least} descriptions or more, and {clients} are wanted")
    return Parts({name: owned[name][:most] for name in large[:clients]},
                 [one for one in mixed if is_test[one.source]][:test], labels)


def write(folder, made):
    place = {label: number for number, label in enumerate(made.labels)}
    folder.mkdir(parents=True, exist_ok=True)

    def lines(rows):
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    files = {
        "train.jsonl": lines({"label": place[one.section], "client": client, "text": one.text}
                             for client, own in made.clients.items() for one in own),
        "test.jsonl": lines({"label": place[one.section], "text": one.text} for one in made.test),
        "clients.csv": "name,samples\n" + "".join(f"{client},{len(own)}\n" for client, own in made.clients.items()),
        "labels.txt": "".join(label + "\n" for label in made.labels),
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


def dirichlet(labels, clients, alpha, seed=1):
    """The labels dealt to clients: of each label, shares drawn from Dir(alpha)."""
    draws, owned = random.Random(seed), [[] for _ in range(clients)]
    for label in sorted(set(labels)):
        shares = [draws.gammavariate(alpha, 1.0) for _ in range(clients)]
        for client in draws.choices(range(clients), shares, k=labels.count(label)):
            owned[client].append(label)
    return owned


def row(name, owned):
    """How uneven clients are: sizes, labels of a client, and how far its labels' shares are from those of all."""
    everyone = collections.Counter(label for own in owned for label in own)
    total, sizes = sum(everyone.values()), sorted(map(len, owned))
    distances = [sum(abs(own.count(label) / len(own) - count / total) for label, count in everyone.items()) / 2
                 for own in owned if own]
    kinds = statistics.fmean(len(set(own)) for own in owned)
    largest = statistics.fmean(max(map(own.count, set(own))) / len(own) for own in owned if own)
    share = sum(sizes[-max(1, len(sizes) // 10):]) / total
    return (f"| {name} | {sizes[0]} | {statistics.median(sizes):g} | {sizes[-1]} | {share:.0%} | {kinds:.1f} | {largest:.0%} "
            f"| {statistics.fmean(distances):.2f} |")


def table(made):
    labels = [[one.section for one in own] for own in made.clients.values()]
    together = [label for own in labels for label in own]
    lines = ["| clients | smallest | median | largest | of the largest tenth | labels of a client | its commonest label "
             "| distance from all |", "|---" * 8 + "|", row("maintainers", labels)]
    lines += [row(f"Dir({alpha:g})", dirichlet(together, len(labels), alpha)) for alpha in ALPHAS]
    return "\n".join(lines)


def positive(value):
    if not 1 <= int(value) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{value} is not in 1 to 1000000")
    return int(value)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the files are written")
    parser.add_argument("lists", nargs="*", help="lists of packages; those of apt unless given")
    parser.add_argument("--clients", type=positive, default=50, help="how many maintainers; 50")
    parser.add_argument("--least", type=positive, default=20, help="descriptions that a client has at least; 20")
    parser.add_argument("--most", type=positive, help="descriptions that a client has at most, first by hash; all")
    parser.add_argument("--test", type=positive, help="descriptions of the test at most, first by hash; all")
    options = parser.parse_args(arguments)
    try:
        made = parts(read(options.lists or lists()), options.clients, options.least, options.most, options.test)
        write(options.folder, made)
    except Refused as reason:
        sys.exit(f"error: {reason}")
    except OSError as error:
        sys.exit(f"error: {error.filename}: {error.strerror}")
    print(table(made))
    print(f"{sum(map(len, made.clients.values()))} descriptions of {len(made.clients)} clients, {len(made.test)} for the test; "
          f"labels: {', '.join(made.labels)}", file=sys.stderr)


if __name__ == "__main__":
    main()
