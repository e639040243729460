"""`dateline` and `python -m dateline`: makes sure that the packages are ours, then runs the command line."""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Run the command line on `sys.argv`; gives the exit code."""
    from dateline import _require_rag

    try:
        _require_rag()
        from rag.neighbours import require_ours

        require_ours("ui")
    except ImportError as error:
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"error": {"kind": "ImportError", "message": str(error), "hint": ""}}) + "\n")
        else:
            sys.stderr.write(f"error: {error}\n")
        return 2
    from ui.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
