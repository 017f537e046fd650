"""The command `quickstart`: 0 all is as it should be, 1 something is not, 2 usage or configuration."""

import argparse
import platform
import sys
from pathlib import Path

import jinja2
import orjson
import pydantic
import yaml
from rich.console import Console
from rich.table import Table

from . import checks, settings

PAGE = jinja2.Environment(autoescape=True).from_string(
    """<!doctype html>
<meta charset="utf-8"><title>{{ title }}</title><h1>{{ title }}</h1>
<ul>{% for check in checks %}
<li>{{ "✓" if check.passed else "✗" }} {{ check.name }}: {{ check.detail }}</li>{% endfor %}
</ul><table>{% for wheel in wheels %}
<tr><td>{{ wheel.name }}</td><td>{{ wheel.version }}</td><td>{{ wheel.tag }}</td></tr>{% endfor %}
</table>
"""
)


def mark(passed: bool) -> str:
    return "[green]yes[/]" if passed else "[red]no[/]"


def show(report: dict) -> None:
    console = Console()
    console.print(report["title"], style="bold", markup=False)
    table = Table("check", "passed", "detail")
    for check in report["checks"]:
        table.add_row(check["name"], mark(check["passed"]), check["detail"])
    console.print(table)
    table = Table("compiled wheel", "version", "built for", "loaded")
    for wheel in report["wheels"]:
        table.add_row(wheel["name"], wheel["version"], wheel["tag"], mark(wheel["loaded"]))
    console.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(prog="quickstart", description="Looks at the environment it runs in.")
    parser.add_argument("--config", type=Path, default=settings.default_path())
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page, too")
    options = parser.parse_args()
    try:
        wanted = settings.load(options.config)
    except (OSError, yaml.YAMLError, pydantic.ValidationError) as error:
        print(f"quickstart: cannot use {options.config}: {error}", file=sys.stderr)
        return 2

    title = jinja2.Template(wanted.title).render(host=platform.node() or "this host")
    report = {
        "title": title,
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "checks": [check.model_dump() for check in checks.run(wanted)],
        "wheels": [wheel.model_dump() for wheel in checks.compiled_wheels()],
    }
    if options.html:
        options.html.write_text(PAGE.render(report), encoding="utf-8")
    if options.json:
        print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        show(report)
    sound = all(check["passed"] for check in report["checks"])
    return 0 if sound and all(wheel["loaded"] for wheel in report["wheels"]) else 1


if __name__ == "__main__":
    sys.exit(main())
