"""`make bench`: one JSON line a case on standard output; exit status 1 where a ratio is over its limit."""

import json
import sys

from benchmarks.cases import all_cases

passed = True
for result in all_cases():
    print(json.dumps(result.as_dict()), flush=True)
    passed = passed and result.passed
sys.exit(0 if passed else 1)
