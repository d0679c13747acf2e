"""Parties, people, roles and login: who somebody is, for whom they act, and in which role.

Organisations register with their 统一社会信用代码 and are admitted by the centre's review; people log in with a
password and a one-time code."""
