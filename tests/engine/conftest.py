"""Property tests of the engine run without a deadline: it would time the machine, not the code."""

from hypothesis import settings

settings.register_profile("engine", deadline=None)
settings.load_profile("engine")
