"""`python -m bench [NAME ...] [--scale 0.1]`: measure, tell on standard error, print the results as JSON lines at the end."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys

import django

import bench
from bench.harness import Result
from salesys.embedded import servers

OTHERS = {"__main__", "harness"}


def names() -> list[str]:
    """The benches: modules of this package, but for the harness and for helpers (`_name`)."""
    found = [module.name for module in pkgutil.iter_modules(bench.__path__)]
    return sorted(name for name in found if name not in OTHERS and not name.startswith("_"))


def measure(name: str, scale: float) -> Result:
    """Run one bench."""
    print(f"{name} at scale {scale:g}", file=sys.stderr, flush=True)
    result: Result = importlib.import_module(f"bench.{name}").run(scale)
    verdict = "reached" if result.is_reached else "MISSED"
    print(f"  {result.value:.4g} {result.unit}, limit {result.limit:.4g}, ratio {result.ratio:.3g}: {verdict}", file=sys.stderr)
    return result


def main() -> int:
    """Measure what the arguments name, or all; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("bench", nargs="*", help=f"which: {', '.join(names())}; all without")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.bench) - set(names()))
    if unknown or arguments.scale <= 0:
        parser.error(f"there is no bench {unknown[0]!r}" if unknown else "the scale must be more than 0")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesys.settings")
    servers.start_if_needed()
    django.setup()
    results = [measure(name, arguments.scale) for name in arguments.bench or names()]
    for result in results:
        print(result.line())
    return 0 if all(result.is_reached for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
