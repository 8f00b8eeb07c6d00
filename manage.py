#!/usr/bin/env python3
"""Django's command line, on the embedded database unless DATABASE_URL says otherwise."""

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

from config.embedded.database import embedded_database
from config.embedded.errors import EmbeddedServerError


def main() -> None:
    """Run one command; without DATABASE_URL on the project's embedded server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    if os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    signal.signal(signal.SIGTERM, _leave_in_order)
    try:
        with embedded_database():
            execute_from_command_line(sys.argv)
    except EmbeddedServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _leave_in_order(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
