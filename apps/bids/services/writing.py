"""One statement that keeps an answer and its version: the only writer of both tables.

Saving answers is the most frequent act of the portal, thirty people at once on the last day, so
the check of the version, the row and its history travel to the database together.
"""

from django.db import connection
from uuid_utils.compat import uuid7

from apps.bids.models import Answer, Bid
from apps.core import clock
from apps.rfp.models import Question
from apps.workspace.models import User

KEEP = """
WITH kept AS (
  INSERT INTO bids_answer AS a (id, created_at, organisation_id, vendor_id, bid_id, question_id,
                                version, ciphertext, saved_at, saved_by_id)
  VALUES (%(id)s, %(at)s, %(organisation)s, %(vendor)s, %(bid)s, %(question)s,
          1, %(ciphertext)s, %(at)s, %(actor)s)
  ON CONFLICT (bid_id, question_id) DO UPDATE
    SET version = a.version + 1, ciphertext = excluded.ciphertext,
        saved_at = excluded.saved_at, saved_by_id = excluded.saved_by_id
    WHERE a.version = %(before)s
  RETURNING *
)
INSERT INTO bids_answerversion (id, created_at, organisation_id, vendor_id, bid_id, question_id,
                                version, ciphertext, saved_at, saved_by_id)
SELECT %(version_id)s, %(at)s, organisation_id, vendor_id, bid_id, question_id,
       version, ciphertext, saved_at, saved_by_id
FROM kept RETURNING version
"""


def keep(
    *, bid: Bid, question: Question, ciphertext: bytes, before: int, actor: User
) -> Answer | None:
    """Keep a new version of an answer if `before` is the one that stands, 0 where there is none.

    None when somebody else was faster: nothing is written then. Two first answers at once meet at
    the unique index, where the later one waits for the earlier and finds its version.
    """
    row = Answer(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        question=question,
        version=before + 1,
        ciphertext=ciphertext,
        saved_at=clock.now(),
        saved_by=actor,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP,
            {
                "id": row.pk,
                "version_id": uuid7(),
                "at": row.saved_at,
                "organisation": row.organisation_id,
                "vendor": row.vendor_id,
                "bid": bid.pk,
                "question": question.pk,
                "ciphertext": ciphertext,
                "actor": actor.pk,
                "before": before,
            },
        )
        written = cursor.fetchone()
    return row if written else None
