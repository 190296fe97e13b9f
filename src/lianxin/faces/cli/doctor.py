"""`lianxin doctor`: look for what would stop this deployment from working well."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `doctor` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print every finding; exit 1 on a fault."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform import clock, doctor

    findings = []
    for finding in doctor.examine(at=clock.now()):
        findings.append(finding)
        if not options.json:
            print(f"{finding.level:8} {finding.sentence}", flush=True)
    faults = sum(finding.level == doctor.FAULT for finding in findings)
    warnings = sum(finding.level == doctor.WARNING for finding in findings)
    if options.json:
        rows = [{"level": finding.level, "sentence": finding.sentence} for finding in findings]
        print(json.dumps({"faults": faults, "warnings": warnings, "findings": rows}, ensure_ascii=False))
    else:
        print(f"{faults} faults, {warnings} warnings.")
    return 1 if faults else 0
