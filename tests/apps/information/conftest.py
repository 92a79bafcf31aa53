"""A request for information at the moments of its life."""

from tests.factories import information as make
from tests.scenes import scene


@scene
def information_opened(move):
    """Three vendors answered; nothing is scored yet."""
    return make.opened(move)


@scene
def information_locked(move):
    """The best two are taken; the scores are locked, Tamarind is third."""
    return make.locked(move)


@scene
def information_tied(move):
    """The second and the third have the same points, and one place is left."""
    return make.locked(move, values={"1.01": (4, 3, 3), "2.02": (4, 3, 3)})


@scene
def information_read(move):
    """Nothing is scored; the last vendor fails a knock-out."""
    return make.opened(move, {"rule": "admitted"}, scored=False, answers={2: {"2.01": "96"}})


@scene
def information_of_one(move):
    """As `information_read`, with one vendor."""
    return make.opened(move, {"rule": "admitted"}, scored=False, names=make.NAMES[:1])


@scene
def information_decided(move):
    """The shortlist is confirmed: the first two are taken."""
    stage = make.locked(move)
    make.propose(stage)
    make.confirm(stage)
    return stage
