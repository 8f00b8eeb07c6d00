"""Photos of claims that were seen before: the same file, or the same picture saved again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import connection

# Of 64 bits; the same picture saved again, made smaller or trimmed a little
# stays within, other pictures differ by about half (docs/algorithms/claims.md).
NEAR_BITS = 6

SEEN_SQL = """
SELECT DISTINCT p.id, e.claim_id
  FROM orders_claimphoto p
  JOIN orders_claim c ON c.id = p.claim_id
  JOIN orders_claimphoto e ON e.claim_id <> p.claim_id
   AND (e.digest = p.digest
        OR bit_count((e.fingerprint # p.fingerprint)::bit(64)) <= %(near)s)
  JOIN orders_claim o ON o.id = e.claim_id
 WHERE p.claim_id = ANY(%(claims)s)
   AND (e.digest = p.digest
        OR o.filed_at BETWEEN c.filed_at - make_interval(days => %(days)s)
                             AND c.filed_at + make_interval(days => %(days)s))
 ORDER BY p.id, e.claim_id
"""


def photos_seen_before(claim_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Return the other claims that show a photo of these claims, by photo, in one query.

    The same file is found however old it is, the same picture within
    `CLAIM_PHOTO_DAYS` of the claim.
    """
    seen: defaultdict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            SEEN_SQL,
            {
                "near": NEAR_BITS,
                "claims": list(claim_ids),
                "days": int(settings.CLAIM_PHOTO_DAYS),
            },
        )
        for photo_id, claim_id in cursor.fetchall():
            seen[photo_id].append(claim_id)
    return {photo_id: tuple(claims) for photo_id, claims in seen.items()}
