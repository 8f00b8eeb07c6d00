"""Functions that run in a program of their own, because Django is set up once per process."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from config.embedded.places import PROJECT_DIR


def run_program(environment: Mapping[str, str], function: str, *arguments: object) -> Any:
    """Call `module:function` in a new program; return the JSON that it prints.

    The function finds its arguments in `sys.argv`; DATABASE_URL and the
    settings are those of the environment.
    """
    module, _colon, name = function.partition(":")
    program = f"import django; django.setup(); from {module} import {name}; {name}()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=dict(environment),
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
