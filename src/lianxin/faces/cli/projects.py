"""`lianxin projects match`: match needs with offers from a file; touches no database."""

import argparse
import math
import sys
import time
from pathlib import Path

LARGEST_FILE = 200 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `projects` takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    matching = actions.add_parser("match", help="match needs with offers from a file (docs/matching-format.md)")
    matching.add_argument("--input", required=True, metavar="FILE", help="the problem as JSON; - is standard input")
    matching.add_argument("--out", required=True, metavar="FILE", help="where the result goes; - is standard output")
    matching.add_argument("--kind", choices=["weekly", "monthly"], default="", help="goes before what the file says")
    matching.add_argument(
        "--seconds", type=_seconds, default=5.0, help="CPU seconds to search for a better monthly plan (5)"
    )


def run(options: argparse.Namespace) -> int:
    """Read, match, check, write; what is wrong with the input is said in sentences, and nothing is written then."""
    from lianxin.engines.matching.fields import BadFile
    from lianxin.engines.matching.reading import read_problem
    from lianxin.engines.matching.runs import match
    from lianxin.engines.matching.writing import write_result

    try:
        problem = read_problem(_read(options.input), kind=options.kind)
        result = match(problem, cpu=time.process_time, wall=time.monotonic, seconds=options.seconds)
    except BadFile as error:
        print(f"lianxin: {options.input} cannot be matched:", file=sys.stderr)
        for sentence in error.sentences:
            print(f"  {sentence}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"lianxin: {options.input} cannot be read: {error.strerror}.", file=sys.stderr)
        return 1
    text = write_result(result)
    try:
        if options.out == "-":
            sys.stdout.write(text)
        else:
            part = Path(f"{options.out}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(options.out)
    except OSError as error:
        print(f"lianxin: {options.out} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    if options.out != "-":
        after = result.after
        share = f", {result.objective / result.bound:.2%} of the proven bound" if result.bound > 0 else ""
        print(
            f"{len(result.plan.proposals)} proposals serve {after.served} of {after.asked} people{share}; "
            f"{result.cpu_seconds:.1f} s of CPU. {options.out}"
        )
    return 0


def _read(name: str) -> bytes:
    from lianxin.engines.matching.fields import BadFile

    if name == "-":
        content = sys.stdin.buffer.read(LARGEST_FILE + 1)
    else:
        with Path(name).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BadFile([f"The file is larger than {LARGEST_FILE // 1024**2} MB."])
    return content


def _seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError("seconds must be 0 or more")
    return value
