"""Keys that a device leaves with the house: what it keeps sealed can be opened again for whoever it belongs to.

A device wraps its own random key for the house's public key: ECDH on P-256 with a pair of its own for each wrapping,
HKDF-SHA256 over both public keys, AES-256-GCM; `about` (whose device it is) is bound into the key and the ciphertext.
The house's pair follows from each encryption key of the ring, so it turns with them: new wrappings go to the active
key, and old ones open as long as the retired key stays in the ring (docs/adr/0015).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lianxin.platform import keys
from lianxin.platform.sensitive import Unreadable

NAME = "lianxin recovery 1"
# 128 bits more than the order of the curve, so that the remainder prefers no scalar (FIPS 186-5, A.2.1).
SCALAR_BYTES = 48
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key as a device wrapped it: for which of our keys, its own public key of that moment, and the ciphertext."""

    key_id: int
    ephemeral: bytes
    nonce: bytes
    data: bytes


def public_key() -> tuple[int, bytes]:
    """Give id and public key (an uncompressed point) that devices wrap for from now on."""
    ring = keys.ring()
    return ring.sealing_id, _point(_pair(_secret(ring, ring.sealing_id)).public_key())


def unwrap(wrapped: Wrapped, *, about: str) -> bytes:
    """Give the key that a device wrapped about exactly this; raises Unreadable."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    ring = keys.ring()
    if wrapped.key_id not in ring.ciphers:
        ring = keys.ring(fresh=True)
    if wrapped.key_id not in ring.ciphers:
        raise Unreadable(f"The wrapped key needs key {wrapped.key_id}, which is not in the ring.")
    pair = _pair(_secret(ring, wrapped.key_id))
    bound = f"{NAME}/{about}".encode()
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), wrapped.ephemeral)
        shared = pair.exchange(ec.ECDH(), theirs)
        key = _expand(shared, salt=wrapped.ephemeral + _point(pair.public_key()), info=bound, size=32)
        return AESGCM(key).decrypt(wrapped.nonce, wrapped.data, bound)
    except (InvalidTag, ValueError):
        raise Unreadable("The wrapped key was changed, or belongs to another device.") from None


def _secret(ring: keys.KeyRing, key_id: int) -> bytes:
    return next(key.secret for key in ring.keys if key.kind == "encryption" and key.id == key_id)


@lru_cache(maxsize=8)
def _pair(secret: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    # The label parts this use of the secret from its use as a cipher's key.
    label = hashlib.sha256(NAME.encode()).digest()
    scalar = int.from_bytes(_expand(secret, salt=label, info=b"p-256 scalar", size=SCALAR_BYTES))
    return ec.derive_private_key(scalar % (ORDER - 1) + 1, ec.SECP256R1())


def _expand(secret: bytes, *, salt: bytes, info: bytes, size: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=size, salt=salt, info=info).derive(secret)


def _point(public: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return bytes(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
