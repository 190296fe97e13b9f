"""Wraps a key for the house as a phone does (faces/staff/static/staff/visits_crypto.js), for tests of the house."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lianxin.platform.recovery import Wrapped


def wrap(raw: bytes, *, key_id: int, public: bytes, about: str) -> Wrapped:
    """Wrap the bytes of a key for a public key of the house."""
    own = ec.generate_private_key(ec.SECP256R1())
    ephemeral = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public))
    bound = f"lianxin recovery 1/{about}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=ephemeral + public, info=bound).derive(shared)
    nonce = os.urandom(12)
    return Wrapped(key_id, ephemeral, nonce, AESGCM(key).encrypt(nonce, raw, bound))
