#!/usr/bin/env python3
"""Writes a manual page for a program and one for each of its commands, from what its --help says.

    python3 docs/man/pages.py DIRECTORY PROGRAM...

What an option means stands in one place, the sources of the command: the pages are made of the same words
(--experimental-dump-help of swift-argument-parser). The same programs give the same bytes.
"""
import json
import pathlib
import re
import subprocess
import sys

EXIT_CODES = (
    (0, "Done."),
    (1, "A difference was found."),
    (2, "Usage."),
    (3, "Damaged or malformed input."),
    (4, "Signature or trust."),
    (5, "This host does not meet the requirements."),
    (6, "The target is in the way: it exists, is locked, or conflicts."),
    (7, "Input or output: disk full, no permission."),
    (8, "No solution, or a policy refused."),
    (9, "Network."),
    (70, "A fault of the program\u2019s own."),
    ("128+n", "Stopped by signal n."),
)


def escaped(text):
    """Text as roff has it: hyphens that can be copied, and no line that passes for a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = text.replace("^", "\\(ha").replace("~", "\\(ti").replace('"', "\\(dq")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.split("\n"))


def blocks(discussion):
    """Paragraphs (False, text) and what is set as it stands (True, text), in order."""
    result = []
    for line in discussion.split("\n"):
        verbatim = line.startswith("  ")
        if not line.strip():
            result.append(None)
        elif result and result[-1] is not None and result[-1][0] == verbatim:
            result[-1] = (verbatim, result[-1][1] + "\n" + line)
        else:
            result.append((verbatim, line))
    return [block for block in result if block]


def set_blocks(parts):
    lines = []
    for verbatim, text in parts:
        if verbatim:
            width = min(len(line) - len(line.lstrip()) for line in text.split("\n"))
            text = "\n".join(line[width:] for line in text.split("\n"))
            lines += [".PP", ".RS 4", ".nf", escaped(text), ".fi", ".RE"]
        else:
            lines += [".PP", escaped(text)]
    return lines


def split_examples(parts):
    """The examples stand in a section of their own."""
    rest, examples = [], []
    index = 0
    while index < len(parts):
        verbatim, text = parts[index]
        if not verbatim and re.fullmatch(r"Examples?:", text) and index + 1 < len(parts):
            examples.append(parts[index + 1])
            index += 1
        else:
            rest.append(parts[index])
        index += 1
    return rest, examples


def spelled(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def shown(arguments):
    return [a for a in arguments if a["shouldDisplay"]]


def synopsis(path, command):
    words = ["\\fB" + escaped(" ".join(path)) + "\\fR"]
    subcommands = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    if subcommands:
        words.append("\\fIcommand\\fR")
    if any(a["kind"] != "positional" for a in shown(command["arguments"])):
        words.append("[\\fIoptions\\fR]")
    for argument in shown(command["arguments"]):
        if argument["kind"] == "positional":
            word = "\\fI" + escaped(argument["valueName"]) + "\\fR"
            if argument["isRepeating"]:
                word += " .\\|.\\|."
            words.append("[" + word + "]" if argument["isOptional"] else word)
    return " ".join(words)


def set_argument(argument):
    value = "\\fI" + escaped(argument["valueName"]) + "\\fR"
    if argument["kind"] == "positional":
        head = value
    else:
        # Short names first, as everywhere.
        names = sorted(argument["names"], key=lambda name: name["kind"] == "long")
        head = ", ".join("\\fB" + escaped(spelled(name)) + "\\fR" for name in names)
        if argument["kind"] == "option":
            head += " " + value
    text = argument.get("abstract", "")
    if argument.get("discussion"):
        text += "\n" + argument["discussion"]
    if "defaultValue" in argument and "default:" not in text:
        text += f" (default: {argument['defaultValue']})"
    if argument.get("allValues"):
        text += " Values: " + ", ".join(argument["allValues"]) + "."
    return [".TP", head, escaped(text.strip())]


def set_arguments(arguments):
    lines = []
    positional = [a for a in arguments if a["kind"] == "positional"]
    if positional:
        lines.append(".SH ARGUMENTS")
        for argument in positional:
            lines += set_argument(argument)
    sections = {}
    for argument in arguments:
        if argument["kind"] != "positional":
            sections.setdefault(argument.get("sectionTitle", ""), []).append(argument)
    if sections:
        lines.append(".SH OPTIONS")
    for title in sorted(sections, key=lambda title: title == ""):
        if len(sections) > 1:
            lines.append(".SS " + (escaped(title) if title else "All others"))
        for argument in sections[title]:
            lines += set_argument(argument)
    return lines


def page(path, command, version, others):
    name = "-".join(path)
    abstract = command.get("abstract", "")
    description, examples = split_examples(blocks(command.get("discussion", "")))
    lines = [
        '.\\" Made by docs/man/pages.py from the help of the program.',
        f'.TH "{name.upper()}" 1 "" "Airlift {version}" "Airlift"',
        ".ad l",
        ".nh",
        ".SH NAME",
        escaped(name) + " \\- " + escaped(abstract[:1].lower() + abstract[1:].rstrip(".")),
        ".SH SYNOPSIS",
        synopsis(path, command),
        ".SH DESCRIPTION",
        escaped(abstract),
    ]
    lines += set_blocks(description)
    subcommands = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    if subcommands:
        lines.append(".SH COMMANDS")
        for sub in subcommands:
            if sub["shouldDisplay"]:
                lines += [".TP", "\\fB" + escaped(sub["commandName"]) + "\\fR", escaped(sub.get("abstract", ""))]
    lines += set_arguments(shown(command["arguments"]))
    if examples:
        lines += [".SH EXAMPLES"] + set_blocks(examples)
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXIT_CODES:
        lines += [".TP", f"\\fB{code}\\fR", escaped(meaning)]
    lines += [".SH SEE ALSO", ",\n".join(f"\\fB{escaped(o)}\\fR(1)" for o in others if o != name)]
    return "\n".join(lines) + "\n"


def walk(command, path):
    yield path, command
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help" and sub["shouldDisplay"]:
            yield from walk(sub, path + [sub["commandName"]])


def main(directory, programs):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for program in programs:
        help_text = subprocess.run([program, "--experimental-dump-help"], stdout=subprocess.PIPE, check=True)
        version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
        command = json.loads(help_text.stdout)["command"]
        commands = list(walk(command, [command["commandName"]]))
        names = ["-".join(path) for path, _ in commands]
        for path, command in commands:
            # Beside a command stand its program and what is one level away.
            others = [n for p, n in zip((p for p, _ in commands), names) if p == path[:-1] or p[:-1] == path]
            text = page(path, command, version, others or names[:1])
            (directory / f"{'-'.join(path)}.1").write_text(text, encoding="ascii")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
