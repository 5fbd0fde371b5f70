"""Tracking codes (کد پیگیری): by which a member names a request to the office."""

from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no letter that is read as another over the telephone."""
LENGTH = 10


def tracking_code(request_id: UUID) -> str:
    """A short tracking code of the request, the same for the same request."""
    number = request_id.int
    letters = []
    for _ in range(LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)
