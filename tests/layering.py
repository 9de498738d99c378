#!/usr/bin/env python3
"""Fails when a folder includes what it may not (HACKING.md's table of rooms, DESIGN 9), or two files define types of one
name: the linker would silently take either's functions for both.

    layering.py ROOT [--without-torch PROGRAM...] [--without-qt PROGRAM...]

ROOT is the source tree. Programs named after --without-torch must not be linked with libtorch: it costs half a second
at every start. Those after --without-qt run on a cluster's nodes, which have no Qt. `layering_test.py` shows that what is forbidden is found.
"""

import argparse
import os
import re
import struct
import sys

# What each room includes directly; what that may include comes along (closed below).
CORE = {
    "core/base": [],
    "core/data": ["core/base"],
    "core/rendering": ["core/base"],
    "core/symbolic": ["core/base"],
    "core/graph": ["core/symbolic"],
    "core/catalog": ["core/symbolic"],
    "core/lowering": ["core/graph"],
    "core/synthesis": ["core/graph", "core/catalog", "core/lowering"],
    "core/search": ["core/synthesis"],
    "core/codegen": ["core/lowering", "core/rendering"],
    "core/evaluation/protocol": ["core/base"],
    "core/jobs": ["core/base"],
    "core/kernels": ["core/codegen", "core/jobs"],
    "core/halide": ["core/kernels"],
    "core/nn": ["core/lowering", "core/catalog"],
    "core/evaluation": ["core/data", "core/nn", "core/kernels", "core/halide", "core/evaluation/protocol"],
    "core/store": ["core/base"],
    "core/experiment": ["core/search", "core/store", "core/jobs", "core/codegen", "core/evaluation/protocol"],
    "core/cluster": ["core/experiment"],
    "core/report": ["core/experiment"],
}
# Views know values, not engines: these files besides the rooms.
WIDGETS = ["core/base", "core/rendering", "core/symbolic", "core/graph", "widgets"]
WIDGETS_FILES = ["core/search/published.h", "core/synthesis/move.h"]
# Rooms that may include libtorch; app/cli's worker is the program around core/evaluation.
TORCH_ROOMS = ["core/nn", "core/evaluation"]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
HALIDE = re.compile(r"^Halide\w*\.h$")
QT = re.compile(r"^(Q[A-Z]|Qt[A-Z]?\w*/|qt|qcustomplot)")
SQL = re.compile(r"^(sqlite3|QSql|QtSql)")
GENERATED = re.compile(r"(^|/)(moc_\w+\.cpp|\w+\.moc|ui_\w+\.h)$")


def closed(table):
    """What each room may include, taken to the end."""
    reached = {}

    def visit(room):
        if room not in reached:
            reached[room] = {room}.union(*(visit(below) for below in table[room]))
        return reached[room]

    for room in table:
        visit(room)
    return reached


ALLOWED = closed(CORE)


def room_of(path):
    """The longest room that the path lies in: core/graph/pgraph.h is in core/graph."""
    parts = path.split("/")[:-1]
    while parts:
        room = "/".join(parts)
        if room in CORE or room in ("widgets", "app/cli", "app/workbench", "tests"):
            return room
        parts.pop()
    return path.split("/")[0]


def complaint(path, quoted, included, exists):
    """Why the file at `path` may not include this; None when it may."""
    room = room_of(path)
    if TORCH.match(included) and room not in TORCH_ROOMS:
        return "libtorch belongs into core/nn and core/evaluation"
    if HALIDE.match(included) and room != "core/halide":
        return "Halide belongs into core/halide"
    if QT.match(included) and room not in ("widgets", "app/workbench"):
        return "Qt belongs into widgets and app/workbench"
    if SQL.match(included) and room != "core/store":
        return "SQL belongs into core/store"
    if not quoted or GENERATED.search(included):
        return None
    if not exists(included):
        return "includes are written from the repository's root, and this is no file there"
    other = room_of(included)
    if room in CORE:
        return None if other in ALLOWED[room] else f"{room} may not include {other}"
    if room == "widgets":
        return None if other in WIDGETS or included in WIDGETS_FILES else f"widgets may not include {included}"
    if other.startswith("app/") and other != room:
        return f"{room} may not include {other}"
    if room == "app/workbench" and other in TORCH_ROOMS:
        return f"the workbench is not linked with libtorch; {other} needs it"
    return None


def check_text(path, text, exists):
    """Complaints about one file, as (line, included, reason)."""
    found = []
    for match in INCLUDE.finditer(text):
        reason = complaint(path, match[1] == '"', match[2], exists)
        if reason:
            found.append((text.count("\n", 0, match.start(2)) + 1, match[2], reason))
    return found


def types_of(text):
    """Names of the types that other files could see, with their namespace."""
    space, hidden = "", False
    for line in text.split("\n"):
        if line == "namespace {":
            hidden = True
        elif line == "} // namespace":
            hidden = False
        elif match := re.match(r"namespace (\w[\w:]*) \{", line):
            space = match[1]
        elif not hidden and (match := re.match(r"(?:struct|class|enum class) (\w+)(?: final)?(?: : .*)?(?: \{)?$", line)):
            yield f"{space}::{match[1]}"


def check_tree(root):
    complaints, files, types = [], 0, {}
    for top in ("core", "widgets", "app"):
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if not name.endswith((".h", ".cpp")):
                    continue
                path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    text = file.read()
                files += 1
                for type_name in types_of(text):
                    if types.setdefault(type_name, path) != path:
                        complaints.append(f"{path}: {type_name} is also defined in {types[type_name]}")
                for line, included, reason in check_text(path, text, lambda p: os.path.isfile(os.path.join(root, p))):
                    complaints.append(f"{path}:{line}: {included}: {reason}")
    if files == 0:
        complaints.append(f"{root}: there are no sources below core, widgets and app")
    return complaints


def needed_libraries(program):
    """The DT_NEEDED names of a 64-bit little-endian ELF file."""
    with open(program, "rb") as file:
        data = file.read()
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{program} is no 64-bit ELF program")
    sections_at, = struct.unpack_from("<Q", data, 0x28)
    width, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, sections_at + i * width) for i in range(count)]
    names = []
    for section in sections:
        if section[1] != 6:  # SHT_DYNAMIC
            continue
        strings_at = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], 16):
            tag, value = struct.unpack_from("<QQ", data, at)
            if tag == 1:  # DT_NEEDED
                names.append(data[strings_at + value:data.index(b"\0", strings_at + value)].decode())
    return names


def check_program(program, unwanted):
    if not os.path.isfile(program):
        return [f"{program}: is not there; build everything first"]
    return [f"{program}: is linked with {name}" for name in needed_libraries(program)
            if name.startswith(unwanted)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("root")
    parser.add_argument("--without-torch", nargs="*", default=[])
    parser.add_argument("--without-qt", nargs="*", default=[])
    arguments = parser.parse_args()
    complaints = check_tree(arguments.root)
    for program in arguments.without_torch:
        complaints += check_program(program, ("libtorch", "libc10"))
    for program in arguments.without_qt:
        complaints += check_program(program, ("libQt",))
    print("\n".join(complaints) or "every include points the right way")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
