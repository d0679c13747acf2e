"""Days, money, codes, references, findings and canonical JSON: the words that every room speaks.

Pure: no clock, no database, no translation catalogue. Everything here may be imported by every room.
"""
