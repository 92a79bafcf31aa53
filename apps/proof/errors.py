"""What this package refuses, and why: each error carries one sentence for people."""


class ProofError(Exception):
    """Evidence is missing, broken or not ours; the sentence says what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotCanonical(ProofError):
    """A value has no single way to be written, or bytes are not written that way."""


class KeyRefused(ProofError):
    """A key, a certificate or a passphrase cannot be used for what it was given for."""


class NotAuthentic(ProofError):
    """Content was changed, or belongs to another key or another context."""


class UnreadableReceipt(ProofError):
    """The file is not a receipt of this service."""


class UnreadableCheckpoint(ProofError):
    """The text is not a checkpoint of a log of this service."""


class UnreadableLog(ProofError):
    """The file is not an entry or an export of a log of this service."""


class SealRefused(ProofError):
    """Keys or shares do not open what they were given for, or were given twice."""


class BrokenPassport(ProofError):
    """A passport fails a check: `check` is package, statement, signature or files."""

    def __init__(self, check: str, sentence: str) -> None:
        super().__init__(sentence)
        self.check = check


class SigningRefused(ProofError):
    """The PDF has no prepared, empty signature field, so it cannot be signed."""


class NotStamped(ProofError):
    """A time-stamping authority gave no stamp, or stamped something else."""


class LibraryMissing(ProofError):
    """An optional library is not installed here; the check that needs it cannot be made."""
