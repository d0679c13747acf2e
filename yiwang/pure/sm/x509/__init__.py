"""Certificates on SM2 keys: requests, issuing, paths, revocation, time stamps. Structures by asn1crypto, never by hand."""
