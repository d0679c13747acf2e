"""Django's SQLite backend behind the fair writer lock (setting ENGINE = "yiwang.record.journal.sqlite")."""
