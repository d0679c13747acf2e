"""A transparency log by the C2SP formats: hashing, tiles, proofs, checkpoints, cosignatures and policies."""
