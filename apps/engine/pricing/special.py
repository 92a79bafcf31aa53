"""scipy's special functions, loaded when the first one is used.

Their import takes longer than most cases take to calculate, and reading a case, pricing contacts
or showing a form needs none of them.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    from scipy import special  # noqa: PLC0415 -- slow import

    function = getattr(special, name)
    globals()[name] = function  # found at once from now on
    return function
