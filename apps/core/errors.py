"""What a service may answer instead of doing its work: each carries a sentence for people."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal with a sentence that says what to do. `fields` maps form fields to sentences."""

    status = 400
    title = "This could not be done"

    def __init__(self, sentence: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = dict(fields or {})


class Incomplete(DomainError):
    """What was given does not make sense yet: HTTP 422, with a sentence per field."""

    status = 422
    title = "There is a problem"


class Unfit(Incomplete):
    """A file that is not what it should be: HTTP 422, and the attempt stays in the record."""


class NotAllowed(DomainError):
    """The wrong person: HTTP 403."""

    status = 403
    title = "Not for your role"


class NotFound(DomainError):
    """What a person may not see does not exist for them: HTTP 404."""

    status = 404
    title = "Not found"


class WrongState(DomainError):
    """The wrong moment: HTTP 409."""

    status = 409
    title = "Not at this moment"


class Attempt(WrongState):
    """A refused try at something sealed: HTTP 409. `check` names the check that failed, for the record."""

    def __init__(self, sentence: str, *, check: str) -> None:
        super().__init__(sentence)
        self.check = check


class Conflict(WrongState):
    """Somebody else was faster: HTTP 412, with what stands now."""

    status = 412
    title = "Changed in the meantime"

    def __init__(self, sentence: str, *, current: Mapping[str, object] | None = None) -> None:
        super().__init__(sentence)
        self.current = dict(current or {})


class TooLarge(DomainError):
    """More bytes than the product takes: HTTP 413."""

    status = 413
    title = "Too large"


class TooMany(DomainError):
    """Asked too often in too short a time: HTTP 429."""

    status = 429
    title = "Too many attempts"


class StepUpNeeded(DomainError):
    """The act asks for a fresh sign-in with a second factor: HTTP 401, then back to the page."""

    status = 401
    title = "Confirm that it is you"
