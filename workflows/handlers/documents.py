"""Sealing and opening documents of at most 1 MiB under their content key."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.events.padding import pad, unpad
from domain.handover.commands import WrittenDocument
from domain.handover.step_commands import WrittenNote
from workflows.ports.clock import Ids
from workflows.ports.log import SealedDocument

NONCE_BYTES = 12
_PURPOSE = b"overgang-document-1:"
_ENCODER = msgspec.json.Encoder(order="sorted")


class DocumentDamaged(Exception):
    """A stored document does not open under its content key."""


def document_bytes(document: WrittenDocument | WrittenNote) -> bytes:
    """The document or note as it is sealed: template, version and sections."""
    return _ENCODER.encode(
        {
            "template": document.template,
            "template_version": document.template_version,
            "sections": document.sections,
        }
    )


def seal_document(ids: Ids, document_id: UUID, content: bytes, content_key: bytes) -> SealedDocument:
    """Seal padded content; its associated data binds it to its id."""
    nonce = ids.random_bytes(NONCE_BYTES)
    ciphertext = nonce + AESGCM(content_key).encrypt(nonce, pad(content), _PURPOSE + document_id.bytes)
    return SealedDocument(
        id=document_id, ciphertext=ciphertext, ciphertext_sha256=hashlib.sha256(ciphertext).hexdigest()
    )


def open_document(document_id: UUID, ciphertext: bytes, content_key: bytes) -> Any:
    """The document as decoded JSON. Raises DocumentDamaged."""
    try:
        padded = AESGCM(content_key).decrypt(
            ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], _PURPOSE + document_id.bytes
        )
    except InvalidTag:
        raise DocumentDamaged("a document does not open under its content key") from None
    return msgspec.json.decode(unpad(padded))
