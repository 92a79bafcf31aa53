"""How much of what is random or repeated: a size for every run, a larger one for the night.

`CCEVAL_NIGHTLY=yes` chooses the larger one.
"""

import os

NIGHTLY = os.environ.get("CCEVAL_NIGHTLY") == "yes"


def size(every_run: int, nightly: int) -> int:
    return nightly if NIGHTLY else every_run
