"""Makes sure that `index`, `ui` and `eval` are ours: the names are common, and a folder on the path may hide one of them.

Nothing is imported to find out. `rag` and `dateline` themselves cannot be checked from here.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


class ForeignPackage(ImportError):
    """A package or module of somebody else has the name of one of ours and comes before it on Python's path."""


def require_ours(name: str) -> None:
    """Check that `import name` would give the package that was installed with this one.

    Args:
        name: a top-level package of Dateline.

    Raises:
        ForeignPackage: it would give another, or nothing.
    """
    ours = Path(__file__).resolve().parent.parent / name
    found = _place(name)
    if found == ours:
        return
    if found is None:
        raise ForeignPackage(f"Dateline's own package {name!r} is not installed beside {ours.parent / 'rag'}: install dateline again")
    raise ForeignPackage(
        f"{found} hides Dateline's own package {name!r}: rename it, or start Python from another folder (ours is {ours})", name=name
    )


def _place(name: str) -> Path | None:
    """The folder or file that `import name` would load."""
    try:
        spec = find_spec(name)
    except ValueError:  # a module without a spec was put into sys.modules by hand
        return Path(f"the loaded module {name!r}")
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).resolve()
    return Path(spec.origin or name).resolve()
