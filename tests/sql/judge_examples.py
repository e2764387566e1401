"""Has the examples judged by an independent parser of Trino's grammar, npm's dt-sql-parser, and keeps its verdicts.

Run at development time, when an example changes, with the parser bundled into one file beside nothing else::

    npm install dt-sql-parser esbuild
    echo "export {TrinoSQL} from 'dt-sql-parser'" | npx esbuild --bundle --platform=node --outfile=trino.cjs
    python -m tests.sql.judge_examples ./trino.cjs "dt-sql-parser 4.5.1"

Every example is judged as it stands and as it is sent to Athena. The tests compare hashes, and need no npm.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from flowtui.sql.athena_text import submission
from flowtui.sql.library import examples
from flowtui.sql.statements import split

VERDICTS = Path(__file__).parent / "data" / "trino_verdicts.json"
_JUDGE = """
const {TrinoSQL} = require(process.argv[1]), parser = new TrinoSQL();
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const told = (text) => parser.validate(text).map((e) => `${e.startLine}:${e.startColumn} ${e.message}`);
console.log(JSON.stringify(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, told(text)]))));
"""


def texts() -> dict[str, str]:
    """What is judged: ``name`` as it stands, ``name sent`` as Athena gets it."""
    found = {}
    for one in examples():
        found[one.name] = one.sql
        found[f"{one.name} sent"] = submission(one.sql, split(one.sql)[0]).text
    return found


def fingerprint(text: str) -> str:
    """What tells a changed text."""
    return hashlib.sha256(text.encode()).hexdigest()


def main(parser: str, version: str) -> None:
    """Judge all examples and write the verdicts."""
    asked = texts()
    command = ["node", "-e", _JUDGE, str(Path(parser).resolve())]
    answer = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    errors = json.loads(answer.stdout)
    verdicts = {name: {"sha256": fingerprint(text), "errors": errors[name]} for name, text in asked.items()}
    VERDICTS.write_text(json.dumps({"parser": version, "verdicts": verdicts}, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
