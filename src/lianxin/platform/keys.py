"""The key ring: encryption, digest and signing keys in one file that only the program's user may read."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FILE_VERSION = 1
TAG_BYTES = 16
LOOK_AGAIN_SECONDS = 5.0
Kind = Literal["encryption", "digest", "signing"]


class KeyFileProblem(ImproperlyConfigured):
    """The key file is missing, readable by others, or not what it should be."""


class AeadCipher(Protocol):
    """What a sealing back end must do; the ciphertext ends with its tag."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class Sm4Gcm:
    """SM4 in Galois/Counter Mode (RFC 8998) behind the same two methods as AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext followed by the 16-byte tag."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        if associated_data:
            encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Plaintext; raises InvalidTag when anything was changed."""
        if len(data) < TAG_BYTES:
            raise InvalidTag
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        if associated_data:
            decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


CIPHERS: dict[str, tuple[int, Callable[[bytes], AeadCipher]]] = {"aes-256-gcm": (32, AESGCM), "sm4-gcm": (16, Sm4Gcm)}
DIGESTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {"hmac-sha256": hashes.SHA256, "hmac-sm3": hashes.SM3}
ALGORITHMS: dict[str, tuple[str, ...]] = {
    "encryption": tuple(CIPHERS),
    "digest": tuple(DIGESTS),
    "signing": ("ed25519",),
}


@dataclass(frozen=True)
class Key:
    """One key of the ring; its secret never shows in a repr."""

    id: int
    kind: Kind
    algorithm: str
    state: Literal["active", "retired"]
    created_at: str
    secret: bytes = field(repr=False)


class KeyRing:
    """Every key by kind and id, with the primitives built once."""

    def __init__(self, keys: list[Key]) -> None:
        self.keys = tuple(keys)
        self.ciphers = {key.id: CIPHERS[key.algorithm][1](key.secret) for key in self._of("encryption")}
        self.digests = [hmac.HMAC(key.secret, DIGESTS[key.algorithm]()) for key in self._newest_first("digest")]
        self._signers = {key.id: Ed25519PrivateKey.from_private_bytes(key.secret) for key in self._of("signing")}
        self.sealing_id = self.active("encryption").id
        self._signing_id = self.active("signing").id

    def _of(self, kind: Kind) -> list[Key]:
        return [key for key in self.keys if key.kind == kind]

    def _newest_first(self, kind: Kind) -> list[Key]:
        return sorted(self._of(kind), key=lambda key: (key.state != "active", -key.id))

    def active(self, kind: Kind) -> Key:
        """The key that new work uses."""
        return next(key for key in self._of(kind) if key.state == "active")

    def sign(self, message: bytes) -> tuple[int, bytes]:
        """Key id and Ed25519 signature of a message."""
        return self._signing_id, self._signers[self._signing_id].sign(message)

    def verify(self, *, message: bytes, key_id: int, signature: bytes) -> bool:
        """Whether the signature was made over this message by that key of ours."""
        try:
            self._signers[key_id].public_key().verify(signature, message)
        except (InvalidSignature, KeyError):
            return False
        return True

    def public_keys(self) -> dict[int, str]:
        """Signing public keys in hex by id, for an outside check of the seals."""
        return {key_id: signer.public_key().public_bytes_raw().hex() for key_id, signer in self._signers.items()}


def _new_key(kind: Kind, key_id: int, algorithm: str, at: datetime) -> Key:
    if algorithm not in ALGORITHMS[kind]:
        known = ", ".join(ALGORITHMS[kind])
        raise KeyFileProblem(f"Unknown {kind} algorithm {algorithm!r}; known are: {known}.")
    size = CIPHERS[algorithm][0] if kind == "encryption" else 32
    return Key(key_id, kind, algorithm, "active", at.isoformat(), secrets.token_bytes(size))


def _write_new(path: Path, keys: list[Key]) -> Path:
    """A complete, synced file with mode 0600 next to `path`, ready to be linked or renamed."""
    rows = [{**vars(key), "secret": base64.b64encode(key.secret).decode()} for key in keys]
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"version": FILE_VERSION, "keys": rows}, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    return fresh


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> list[Key]:
    try:
        mode = path.stat().st_mode & 0o777
        document: Any = json.loads(path.read_text(encoding="utf-8")) if not mode & 0o077 else None
    except FileNotFoundError:
        raise KeyFileProblem(f"The key file {path} is missing. Restore it from your backup of keys.") from None
    except (OSError, ValueError) as error:
        raise KeyFileProblem(f"The key file {path} cannot be read: {error}") from None
    if document is None:
        raise KeyFileProblem(f"The key file {path} has mode {mode:o}: others may read it. Run: chmod 600 {path}")
    try:
        if document["version"] != FILE_VERSION:
            raise KeyFileProblem(f"The key file {path} has version {document['version']!r}; wanted {FILE_VERSION}.")
        return [Key(**{**row, "secret": base64.b64decode(row["secret"], validate=True)}) for row in document["keys"]]
    except (KeyError, TypeError, ValueError) as error:
        raise KeyFileProblem(f"The key file {path} is damaged: {error!r}") from None


def load_ring(path: Path) -> KeyRing:
    """Read a key file; raises KeyFileProblem with a sentence when it cannot be used."""
    keys = _read(path)
    try:
        return KeyRing(keys)
    except (KeyError, ValueError, StopIteration) as error:
        raise KeyFileProblem(f"The key file {path} lacks a usable key: {error!r}") from None


def create_ring(
    *, path: Path | None = None, at: datetime, algorithm: str = "aes-256-gcm", digest_algorithm: str = "hmac-sha256"
) -> bool:
    """Make the key file unless there is one; true when this call made it."""
    path = path or Path(settings.KEY_FILE)
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _write_new(
        path,
        [
            _new_key("encryption", 1, algorithm, at),
            _new_key("digest", 1, digest_algorithm, at),
            _new_key("signing", 1, "ed25519", at),
        ],
    )
    try:
        # link() fails when the server and the worker start together and the other one was first.
        os.link(fresh, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    with open(path.parent / f".{path.name}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def rotate(*, kind: Kind, at: datetime, algorithm: str = "", path: Path | None = None) -> Key:
    """Add a key of this kind and retire the former one, which stays to read what it sealed."""
    path = path or Path(settings.KEY_FILE)
    with _held(path):
        keys = _read(path)
        same = [key for key in keys if key.kind == kind]
        former = next(key for key in same if key.state == "active")
        new = _new_key(kind, max(key.id for key in same) + 1, algorithm or former.algorithm, at)
        kept = [Key(**{**vars(key), "state": "retired"}) if key.kind == kind else key for key in keys]
        os.replace(_write_new(path, [*kept, new]), path)
        _sync_folder(path.parent)
    _loaded.clear()
    return new


@dataclass
class _Loaded:
    ring: KeyRing
    stamp: tuple[int, int]
    looked: float


_loaded: dict[str, _Loaded] = {}


def ring(*, fresh: bool = False) -> KeyRing:
    """The ring of this deployment; a rotation made elsewhere is seen within seconds, or at once with `fresh`."""
    name = str(settings.KEY_FILE)
    known = _loaded.get(name)
    now = time.monotonic()
    if known is not None and not fresh and now - known.looked < LOOK_AGAIN_SECONDS:
        return known.ring
    try:
        status = os.stat(name)
    except FileNotFoundError:
        raise KeyFileProblem(f"The key file {name} is missing. Restore it from your backup of keys.") from None
    stamp = (status.st_mtime_ns, status.st_ino)
    if known is None or known.stamp != stamp:
        known = _loaded[name] = _Loaded(load_ring(Path(name)), stamp, now)
    known.looked = now
    return known.ring


def sign(message: bytes) -> tuple[str, str, str]:
    """Algorithm, key id and signature (hex) of a message by the active signing key."""
    held = ring()
    key_id, signature = held.sign(message)
    return held.active("signing").algorithm, str(key_id), signature.hex()


def verify(message: bytes, algorithm: str, key_id: str, signature: str) -> bool:
    """Whether one of our keys, retired ones too, signed exactly this message."""
    if algorithm not in ALGORITHMS["signing"]:
        return False
    try:
        return ring().verify(message=message, key_id=int(key_id), signature=bytes.fromhex(signature))
    except ValueError:
        return False


def signing_key() -> str:
    """Public key (hex) of the active signing key, for those who check what we hand out."""
    held = ring()
    return held.public_keys()[held.active("signing").id]


def is_signed_by(*, public_key: str, message: bytes, algorithm: str, signature: str) -> bool:
    """Whether the holder of somebody else's key (hex) signed exactly this message."""
    if algorithm not in ALGORITHMS["signing"]:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
