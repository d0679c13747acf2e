"""Tenders by law: projects and lots run a procedure from registration to contract and archive.

Rules are pure functions over facts; the stage of a lot changes only by steps of the procedure that the law of its
first day prescribes."""
