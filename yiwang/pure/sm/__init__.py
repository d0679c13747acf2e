"""National cryptography: SM2, SM3, SM4, certificates, collaborative signatures and sealed envelopes."""
