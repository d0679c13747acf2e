"""Official papers from facts: PDF, Word and Excel, the same facts always giving the same bytes.

A paper is a frozen value; what it says was decided by the room that made it. Nothing here reads a clock or a record."""
