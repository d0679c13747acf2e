"""Notices: drafted, confirmed by the tenderee, checked in form by the centre, published at a set instant, never edited.

Every notice has one canonical body and its hash; corrections are notices of their own that point to the original."""
