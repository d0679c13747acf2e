"""Sealed bids: made by the bidder, opened by a threshold of holders who never give up a key (docs/formats/envelope.md)."""
