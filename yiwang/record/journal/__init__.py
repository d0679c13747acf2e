"""The journal: one append-only record of whatever happened, written in the same transaction as the fact itself.

It is the audit trail, the event that other rooms react to, and the leaf of the evidence log; it also keeps the
agenda, the readers' cursors, the lots' locks and the one business clock."""
