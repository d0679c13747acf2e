"""The law as dated rows: limits, procedures, notices and evaluation methods, each with its article.

A lawyer's room: the TOML files beside this package are the content, the modules only read and count.
Other rooms import ``yiwang.law.api`` and nothing else; no clock, no database, no Django.
"""
